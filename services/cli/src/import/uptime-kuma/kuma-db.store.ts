import { CommandError } from '../../errors.js';

type Row = Record<string, unknown>;

/** Columns that the JSON of Uptime Kuma calls otherwise. */
const FIELDS: Readonly<Record<string, string>> = {
  accepted_statuscodes_json: 'accepted_statuscodes',
  auth_method: 'authMethod',
  auth_workstation: 'authWorkstation',
  auth_domain: 'authDomain',
  cache_bust: 'cacheBust',
  database_connection_string: 'databaseConnectionString',
  database_query: 'databaseQuery',
  domain_expiry_notification: 'domainExpiryNotification',
  expected_value: 'expectedValue',
  expiry_notification: 'expiryNotification',
  http_body_encoding: 'httpBodyEncoding',
  ignore_tls: 'ignoreTls',
  invert_keyword: 'invertKeyword',
  ip_family: 'ipFamily',
  json_path: 'jsonPath',
  json_path_operator: 'jsonPathOperator',
  packet_size: 'packetSize',
  proxy_id: 'proxyId',
  push_token: 'pushToken',
  resend_interval: 'resendInterval',
  response_max_length: 'responseMaxLength',
  retry_interval: 'retryInterval',
  save_error_response: 'saveErrorResponse',
  save_response: 'saveResponse',
  tls_ca: 'tlsCa',
  tls_cert: 'tlsCert',
  tls_key: 'tlsKey',
  upside_down: 'upsideDown',
};

/** Hold what people made, and are not read. */
const OTHERS = ['api_key', 'incident', 'remote_browser'];

/** Of other types of monitors than are carried over; what they are called does not matter more than that they are told. */
const camelCase = (column: string): string =>
  /^(?:mqtt|grpc|radius|kafka|gamedig|rabbitmq|snmp|smtp|game|ws)_/.test(column)
    ? column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    : column;

/**
 * The database of Uptime Kuma, in the shape of its JSON backup.
 * @throws Error of SQLite when it is damaged, or not Uptime Kuma's; CommandError where Node comes without SQLite
 */
export function readKumaDb(path: string): Record<string, unknown> {
  // Not imported: every other command works with a Node that does not have it
  const sqlite: typeof import('node:sqlite') | undefined = process.getBuiltinModule('node:sqlite');
  if (sqlite === undefined)
    throw new CommandError(
      `${path} is a database, which Node ${process.versions.node} cannot read: use Node 24 (npx tocsin has it), or the JSON backup`,
    );
  const database = new sqlite.DatabaseSync(path, { readOnly: true });
  const rows = (query: string): Row[] => database.prepare(query).all();
  const tables = new Set(rows("select name from sqlite_master where type = 'table'").map(({ name }) => name));
  const all = (table: string): Row[] => (tables.has(table) ? rows(`select * from "${table}"`) : []);
  try {
    const links = all('monitor_notification');
    const tags = tables.has('monitor_tag')
      ? rows('select mt.monitor_id, mt.value, tag.name from monitor_tag mt join tag on mt.tag_id = tag.id')
      : [];
    return {
      notificationList: rows('select * from notification').map((row) => ({ ...row })),
      monitorList: rows('select * from monitor').map((row) => ({
        ...renamed(row),
        notificationIDList: Object.fromEntries(
          links
            .filter(({ monitor_id }) => monitor_id === row.id)
            .map(({ notification_id }) => [String(notification_id), true]),
        ),
        tags: tags
          .filter(({ monitor_id }) => monitor_id === row.id)
          .map(({ name, value }) => ({ name, value })),
      })),
      proxyList: all('proxy'),
      dockerHostList: all('docker_host'),
      maintenanceList: all('maintenance'),
      statusPageList: all('status_page'),
      otherTables: OTHERS.filter((table) => all(table).length > 0),
    };
  } finally {
    database.close();
  }
}

const renamed = (row: Row): Row => {
  const fields = Object.fromEntries(
    Object.entries(row).map(([column, value]) => [FIELDS[column] ?? camelCase(column), value]),
  );
  const codes = fields.accepted_statuscodes;
  return { ...fields, accepted_statuscodes: typeof codes === 'string' ? JSON.parse(codes) : codes };
};
