package dev.baton.system;

import org.junit.jupiter.api.Nested;

import dev.baton.system.support.OnBroker;
import dev.baton.system.support.OnBroker.BrokerKind;

/** Everything again on the official Kafka image in a container, where there is a Docker engine. */
@OnBroker(BrokerKind.CONTAINER)
class ContainerBrokerTest {
    @Nested
    class Conversations extends ConversationContract {}

    @Nested
    class Streams extends StreamContract {}

    @Nested
    class HandOvers extends HandOverContract {}

    @Nested
    class Histories extends HistoryContract {}

    @Nested
    class EndsOfLife extends EndOfLifeContract {}

    @Nested
    class DirectWrites extends DirectWriteContract {}

    @Nested
    class AppendSessions extends AppendSessionContract {}

    @Nested
    class Workers extends WorkerContract {}

    @Nested
    class RunApi extends RunApiContract {}

    @Nested
    class Fencing extends FencingContract {}

    @Nested
    class BadInput extends BadInputContract {}

    @Nested
    class SessionRest extends SessionRestContract {}

    @Nested
    class Waits extends WaitContract {}

    @Nested
    class SideChannels extends SideChannelContract {}

    @Nested
    class Races extends RaceContract {}

    @Nested
    class Limits extends LimitsContract {}

    @Nested
    class JavaClients extends AgentChatContract {}

    @Nested
    class JavaAgents extends ChatAgentContract {}

    @Nested
    class JavaTasks extends SessionTaskContract {}

    @Nested
    class Deletions extends DeleteContract {}

    @Nested
    class Kills extends KillContract {}
}
