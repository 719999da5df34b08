export {
  type CertificateAuthority,
  certificateAuthority,
  type Issued,
  type IssueOptions,
  selfSigned,
} from './certificate-authority.js';
export { type FullBacklog, fullBacklog } from './full-backlog.js';
export { closedPort, type ServeOptions, serveHttp, serveTcp, type TestServer } from './servers.js';
