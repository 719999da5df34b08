export type { SharedServers } from './containers.server.js';
export { type DiscordFake, type DiscordMessage, startDiscordFake } from './fakes/discord.js';
export { type DnsServer, type DnsServerState, type DnsTable, startDnsServer } from './fakes/dns-server.js';
export {
  type HttpTarget,
  type HttpTargetOptions,
  type HttpTargetState,
  startHttpTarget,
} from './fakes/http-target.js';
export type { FakeFault, FakeOptions, ProviderFake, SeenRequest } from './fakes/provider-fake.js';
export { type S3Fake, type S3Identity, startS3Fake } from './fakes/s3.js';
export type { FakeAnswer, FakeRequest, TlsKeyPair } from './fakes/serve-http.js';
export { type SlackFake, type SlackMessage, startSlackFake } from './fakes/slack.js';
export {
  type ReceivedMail,
  type SmtpFake,
  type SmtpOptions,
  type SmtpRefusal,
  startSmtpFake,
} from './fakes/smtp.js';
export { startTcpTarget, type TcpTarget, type TcpTargetState } from './fakes/tcp-target.js';
export { startTeamsFake, type TeamsFake, type TeamsMessage } from './fakes/teams.js';
export { startTelegramFake, type TelegramFake, type TelegramMessage } from './fakes/telegram.js';
export { startUdpTarget, type UdpTarget, type UdpTargetState } from './fakes/udp-target.js';
export {
  type ReceivedWebhook,
  startWebhookFake,
  type WebhookFake,
  type WebhookOptions,
} from './fakes/webhook.js';
export { type FaultProxy, startFaultProxy } from './fault-proxy.js';
export { freshDatabase, freshNats } from './fresh.server.js';
export { createStreams } from './streams.nats.js';
