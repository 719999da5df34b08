import { type DnsType, RCODE, readQuestion, writeAnswer } from './dns-message.js';
import { bindUdp, closeUdp } from './udp-target.js';

/** Name to type to data, e.g. `{ 'shop.example': { A: ['127.0.0.1'], MX: ['10 mail.shop.example'] } }`. */
export type DnsTable = Readonly<Record<string, Readonly<Partial<Record<DnsType, readonly string[]>>>>>;

/** `table` answers from it, NXDOMAIN for other names; the others treat every question alike. */
export type DnsServerState = 'table' | 'nxdomain' | 'servfail' | 'refused' | 'silent';

export interface DnsServer {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** `127.0.0.1:<port>`, as Node's `Resolver.setServers` takes it */
  readonly server: string;
  /** every question, oldest first */
  readonly queries: readonly { readonly name: string; readonly type: string }[];
  setTable(table: DnsTable): void;
  set(state: DnsServerState): void;
  stop(): Promise<void>;
}

/**
 * A DNS server over UDP. CNAMEs are followed inside the table.
 * @param ttl seconds
 */
export async function startDnsServer(table: DnsTable = {}, ttl = 0): Promise<DnsServer> {
  let current = table;
  let state: DnsServerState = 'table';
  const queries: { name: string; type: string }[] = [];

  const socket = await bindUdp(0, (own, datagram, from) => {
    const question = readQuestion(datagram);
    queries.push({ name: question.name, type: question.type });
    if (state === 'silent') return;
    const known = Object.hasOwn(current, question.name);
    const rcode = state === 'table' ? (known ? RCODE.noerror : RCODE.nxdomain) : RCODE[state];
    const records = state === 'table' ? lookUp(current, question.name, question.type) : [];
    const answer = writeAnswer(
      question,
      rcode,
      records.map((record) => ({ ...record, ttl })),
    );
    own.send(answer, from.port, from.address);
  });
  const { port } = socket.address();
  return {
    host: '127.0.0.1',
    port,
    server: `127.0.0.1:${port}`,
    queries,
    setTable: (next) => {
      current = next;
    },
    set: (next) => {
      state = next;
    },
    stop: () => closeUdp(socket),
  };
}

function lookUp(
  table: DnsTable,
  name: string,
  type: string,
  hops = 0,
): { name: string; type: DnsType; data: string }[] {
  const entry = table[name] ?? {};
  const direct = (entry[type as DnsType] ?? []).map((data) => ({ name, type: type as DnsType, data }));
  const alias = entry.CNAME?.[0];
  if (direct.length > 0 || alias === undefined || hops > 8) return direct;
  return [{ name, type: 'CNAME', data: alias }, ...lookUp(table, alias, type, hops + 1)];
}
