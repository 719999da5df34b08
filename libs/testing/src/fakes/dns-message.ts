import { assertNever } from '@tocsin/kernel';

/** Record types and the form of their data: as in a zone file, names without the final dot. */
export const DNS_TYPES = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  CAA: 257,
} as const;
export type DnsType = keyof typeof DNS_TYPES;

export const RCODE = { noerror: 0, servfail: 2, nxdomain: 3, refused: 5 } as const;

export interface DnsQuestion {
  readonly id: number;
  /** lower case, without the final dot */
  readonly name: string;
  /** `TYPE<n>` for one this server does not know */
  readonly type: string;
  /** the question section, to be repeated in the answer */
  readonly raw: Buffer;
}

/** @throws RangeError when the datagram ends early */
export function readQuestion(datagram: Buffer): DnsQuestion {
  const labels: string[] = [];
  let at = 12;
  for (let length = datagram.readUInt8(at); length > 0; length = datagram.readUInt8(at)) {
    labels.push(datagram.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const number = datagram.readUInt16BE(at + 1);
  const type = Object.entries(DNS_TYPES).find(([, value]) => value === number)?.[0] ?? `TYPE${number}`;
  return {
    id: datagram.readUInt16BE(0),
    name: labels.join('.').toLowerCase(),
    type,
    raw: datagram.subarray(12, at + 5),
  };
}

export interface DnsRecord {
  readonly name: string;
  readonly type: DnsType;
  readonly data: string;
  readonly ttl: number;
}

/** An authoritative answer in one datagram, names uncompressed. */
export function writeAnswer(question: DnsQuestion, rcode: number, records: readonly DnsRecord[]): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(question.id, 0);
  // response, authoritative, recursion desired and available
  header.writeUInt16BE(0x8580 | rcode, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question.raw, ...records.map(writeRecord)]);
}

function writeRecord({ name, type, data, ttl }: DnsRecord): Buffer {
  const rdata = writeData(type, data);
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(DNS_TYPES[type], 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(ttl, 4);
  fixed.writeUInt16BE(rdata.length, 8);
  return Buffer.concat([writeName(name), fixed, rdata]);
}

const writeName = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split('.')
      .filter((label) => label !== '')
      .map(characterString),
    Buffer.of(0),
  ]);

const characterString = (text: string | Buffer): Buffer => {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
};

const uint16 = (text: string | undefined): Buffer => Buffer.of(Number(text) >> 8, Number(text) & 0xff);

const uint32 = (text: string): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(Number(text));
  return bytes;
};

function writeData(type: DnsType, data: string): Buffer {
  const words = data.split(' ');
  const last = words.at(-1) ?? '';
  switch (type) {
    case 'A':
      return Buffer.from(data.split('.').map(Number));
    case 'AAAA':
      return writeIpv6(data);
    case 'NS':
    case 'CNAME':
    case 'PTR':
      return writeName(data);
    case 'MX':
      return Buffer.concat([uint16(words[0]), writeName(last)]);
    case 'SRV':
      return Buffer.concat([...words.slice(0, 3).map(uint16), writeName(last)]);
    case 'SOA':
      return Buffer.concat([...words.slice(0, 2).map(writeName), ...words.slice(2).map(uint32)]);
    case 'CAA':
      return Buffer.concat([
        Buffer.of(Number(words[0])),
        characterString(words[1] ?? ''),
        Buffer.from(words.slice(2).join(' ')),
      ]);
    case 'TXT': {
      const bytes = Buffer.from(data);
      const parts = Math.max(1, Math.ceil(bytes.length / 255));
      return Buffer.concat(
        Array.from({ length: parts }, (_, i) => characterString(bytes.subarray(i * 255, i * 255 + 255))),
      );
    }
    default:
      return assertNever(type);
  }
}

const groups = (part: string) => part.split(':').filter((group) => group !== '');

function writeIpv6(text: string): Buffer {
  const [head = '', tail] = text.split('::');
  const after = groups(tail ?? '');
  const before = groups(head);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return Buffer.concat([...before, ...zeros, ...after].map((group) => uint16(`0x${group}`)));
}
