import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIP } from 'node:net';

/*
 * X.509 by hand, in the fifty lines that a server certificate takes: tests have neither an openssl binary nor a
 * certificate in the repository that expires on somebody.
 */

export interface Issued {
  /** PEM */
  readonly key: string;
  /** PEM, followed by nothing: the authority is not part of the chain that is sent */
  readonly cert: string;
}

export interface IssueOptions {
  /** DNS names and IP addresses */
  readonly names: readonly string[];
  /** milliseconds since the epoch */
  readonly validFrom: number;
  readonly validTo: number;
}

export interface CertificateAuthority {
  /** PEM, to be trusted */
  readonly cert: string;
  issue(options: IssueOptions): Issued;
}

/** @param name common name of the authority */
export function certificateAuthority(name: string, validFrom: number, validTo: number): CertificateAuthority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const cert = certificate({
    subject: name,
    issuer: name,
    publicKey,
    signingKey: privateKey,
    validFrom,
    validTo,
    extensions: [extension(BASIC_CONSTRAINTS, seq(tlv(0x01, Buffer.from([0xff]))), true)],
  });
  return {
    cert,
    issue: (options) => issue(options, name, privateKey),
  };
}

/** A certificate that vouches for itself. */
export function selfSigned(options: IssueOptions): Issued {
  return issue(options);
}

function issue(options: IssueOptions, issuer?: string, issuerKey?: KeyObject): Issued {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = options.names[0] ?? 'nobody';
  const cert = certificate({
    subject,
    issuer: issuer ?? subject,
    publicKey,
    signingKey: issuerKey ?? privateKey,
    validFrom: options.validFrom,
    validTo: options.validTo,
    extensions: [extension(SUBJECT_ALT_NAME, seq(...options.names.map(generalName)))],
  });
  return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

interface Content {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signingKey: KeyObject;
  readonly validFrom: number;
  readonly validTo: number;
  readonly extensions: readonly Buffer[];
}

function certificate(content: Content): string {
  const spki = createPublicKey(content.publicKey.export({ type: 'spki', format: 'pem' })).export({
    type: 'spki',
    format: 'der',
  });
  const serial = createHash('sha256').update(spki).digest().subarray(0, 8);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const algorithm = seq(oid(ECDSA_WITH_SHA256));
  const signed = seq(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, serial),
    algorithm,
    commonName(content.issuer),
    seq(time(content.validFrom), time(content.validTo)),
    commonName(content.subject),
    spki,
    tlv(0xa3, seq(...content.extensions)),
  );
  const signature = sign('sha256', signed, content.signingKey);
  const der = seq(signed, algorithm, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const SUBJECT_ALT_NAME = '551d11';
const BASIC_CONSTRAINTS = '551d13';

function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), value]);
}

const seq = (...parts: readonly Buffer[]) => tlv(0x30, Buffer.concat(parts));
const oid = (hex: string) => tlv(0x06, Buffer.from(hex, 'hex'));
const commonName = (name: string) =>
  seq(tlv(0x31, seq(oid(COMMON_NAME), tlv(0x0c, Buffer.from(name, 'utf8')))));
/** GeneralizedTime */
const time = (ms: number) =>
  tlv(0x18, Buffer.from(`${new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14)}Z`));
const extension = (id: string, value: Buffer, critical = false) =>
  seq(oid(id), ...(critical ? [tlv(0x01, Buffer.from([0xff]))] : []), tlv(0x04, value));
const generalName = (name: string) =>
  isIP(name) === 4
    ? tlv(0x87, Buffer.from(name.split('.').map(Number)))
    : tlv(0x82, Buffer.from(name, 'latin1'));
