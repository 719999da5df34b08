/** `host:port` of every server a URL names; NATS takes several, separated by commas. */
export function endpointsOf(urls: string, defaultPort: number): string[] {
  return urls
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => new URL(text.includes('://') ? text : `nats://${text}`))
    .map((url) => `${url.hostname}:${url.port === '' ? defaultPort : url.port}`);
}

/** The same server under another identity. */
export function withIdentity(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = encodeURIComponent(user);
  changed.password = encodeURIComponent(password);
  return changed.href;
}
