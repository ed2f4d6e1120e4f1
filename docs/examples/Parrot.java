import dev.baton.agent.chat.ChatAgent;

void main() throws InterruptedException {
    ChatAgent.builder("parrot")
            .onChatStart(event -> IO.println("a new chat: " + event.run().chatId()))
            .run(turn -> turn.answer().text("You said: " + turn.userText()))
            .build()
            .serve("http://127.0.0.1:8030", "tr_dev_localbatonsecretkey00001");
}
