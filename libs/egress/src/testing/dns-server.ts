import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'MX' | 'NS' | 'TXT' | 'SOA' | 'SRV' | 'CAA' | 'PTR';

/** What to say to one question: record data by kind, a refusal, or nothing at all. */
export type DnsAnswer =
  | { readonly records: readonly DnsRecord[] }
  | 'NXDOMAIN'
  | 'SERVFAIL'
  | 'REFUSED'
  | 'silence';

export interface DnsRecord {
  readonly type: RecordType;
  readonly data: Buffer;
  /** default: the name asked for */
  readonly name?: string;
}

export interface DnsServer {
  /** `127.0.0.1:port` */
  readonly address: string;
  readonly port: number;
  /** questions so far, as `TYPE name` */
  readonly asked: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

const TYPES: Record<RecordType, number> = {
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
};
const RCODES = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;

/** A name server on a free UDP port of 127.0.0.1 that says what it is told to, always with TTL 0. */
export async function dnsServer(
  answer: (type: RecordType | undefined, name: string) => DnsAnswer,
): Promise<DnsServer> {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const { name, end } = readName(query, 12);
    const number = query.readUInt16BE(end);
    const type = (Object.keys(TYPES) as RecordType[]).find((known) => TYPES[known] === number);
    asked.push(`${type ?? number} ${name}`);
    const said = answer(type, name);
    if (said === 'silence') return;
    const records = typeof said === 'string' ? [] : said.records;
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8580 | (typeof said === 'string' ? RCODES[said] : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    const question = query.subarray(12, end + 4);
    socket.send(
      Buffer.concat([header, question, ...records.map((record) => encode(record, name))]),
      from.port,
      from.address,
    );
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  return {
    address: `127.0.0.1:${port}`,
    port,
    asked,
    [Symbol.asyncDispose]: () => new Promise((resolve) => void socket.close(() => resolve())),
  };
}

function encode({ type, data, name }: DnsRecord, asked: string): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(TYPES[type], 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([dnsName(name ?? asked), fixed, data]);
}

function readName(message: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

export const dnsName = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split('.')
      .filter((label) => label !== '')
      .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')])),
    Buffer.from([0]),
  ]);

export const aRecord = (address: string): DnsRecord => ({
  type: 'A',
  data: Buffer.from(address.split('.').map(Number)),
});
