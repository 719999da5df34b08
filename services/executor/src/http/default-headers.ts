export const USER_AGENT = 'Tocsin-Monitor/1.0';

/** With what every request has that does not say otherwise. */
export function withDefaultHeaders(
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
): Record<string, string> {
  const all: Record<string, string> = { ...headers };
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const add = (name: string, value: string) => {
    if (!given.has(name)) all[name] = value;
  };
  add('user-agent', USER_AGENT);
  add('accept', '*/*');
  if (body !== undefined)
    add('content-type', isJson(body) ? 'application/json' : 'text/plain; charset=utf-8');
  return all;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
