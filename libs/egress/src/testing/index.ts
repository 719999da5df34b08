export {
  type CertificateAuthority,
  certificateAuthority,
  type Issued,
  type IssueOptions,
  selfSigned,
} from './certificate-authority.js';
export {
  aRecord,
  type DnsAnswer,
  type DnsRecord,
  type DnsServer,
  dnsName,
  dnsServer,
  type RecordType,
} from './dns-server.js';
export { type FullBacklog, fullBacklog } from './full-backlog.js';
export { closedPort, type ServeOptions, serveHttp, serveTcp, type TestServer } from './servers.js';
