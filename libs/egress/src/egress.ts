import type { Socket } from 'node:net';

/** Every connection whose destination a user chose goes through one of these. All failures are `EgressError`. */
export interface Egress {
  /** One HTTP exchange on a fresh connection. A 4xx or 5xx is a response, not an error. */
  request(request: EgressRequest): Promise<EgressResponse>;
  /** A connected TCP socket to a permitted address. The caller owns it: its later errors and its end. */
  connect(options: ConnectOptions): Promise<Connection>;
  /** The addresses of a name that the policy permits, IP literals included; the port is judged when connecting. */
  resolve(host: string, options?: ResolveOptions): Promise<readonly ResolvedAddress[]>;
  /** @throws EgressError `address_refused` when nothing may connect there */
  checkAddress(address: string, port: number): void;
}

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  /** over name resolution and connecting together, milliseconds */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Connection {
  readonly socket: Socket;
  /** the address that was judged and is connected to */
  readonly address: string;
  readonly timings: { readonly dnsMs: number; readonly connectMs: number };
}

export interface ResolveOptions {
  /** default 5,000 */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly family?: 4 | 6 | undefined;
}

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

export interface EgressRequest {
  /** http or https, without user name and password */
  readonly url: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** one deadline over names, connections, TLS, headers, bodies and all redirects, milliseconds */
  readonly timeoutMs: number;
  /** bytes kept after decompression; the rest is not read. Default 1 MiB */
  readonly maxBodyBytes?: number | undefined;
  /** default 0: a redirect is returned as it came */
  readonly maxRedirects?: number | undefined;
  /** names of headers to drop when a redirect leaves the origin, besides `authorization` and `cookie` */
  readonly secretHeaders?: readonly string[] | undefined;
  /** default true: an untrusted, expired or misnamed certificate is `tls_failed` before anything is sent */
  readonly tlsVerify?: boolean | undefined;
  /** TLS server name to ask for and to verify, when it differs from the URL's host */
  readonly servername?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** fills `certificate` in the response */
  readonly collectCertificate?: boolean | undefined;
}

export interface EgressResponse {
  readonly status: number;
  /** lower-case names; repeated ones joined by `, ` */
  readonly headers: Readonly<Record<string, string>>;
  /** decompressed */
  readonly body: Buffer;
  readonly bodyTruncated: boolean;
  readonly timings: EgressTimings;
  readonly remoteAddress: string;
  readonly redirects: number;
  /** where the last hop went */
  readonly url: string;
  /** of the first hop that had one: the host that was asked for */
  readonly certificate?: PeerCertificateFacts | undefined;
}

/** Milliseconds. Phases are those of the last hop; `totalMs` covers everything. */
export interface EgressTimings {
  readonly dnsMs?: number | undefined;
  readonly connectMs?: number | undefined;
  readonly tlsMs?: number | undefined;
  /** from the request being sent to its response headers */
  readonly firstByteMs?: number | undefined;
  readonly totalMs: number;
}

export interface PeerCertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** as OpenSSL writes them without their kind: `example.com`, `127.0.0.1` */
  readonly altNames: readonly string[];
  readonly serialNumber: string;
  readonly fingerprint256: string;
  /** ISO 8601 */
  readonly validFrom: string;
  readonly validTo: string;
  /** chain, dates and host name verified */
  readonly authorized: boolean;
  /** why not, e.g. `CERT_HAS_EXPIRED` */
  readonly authorizationError?: string | undefined;
}
