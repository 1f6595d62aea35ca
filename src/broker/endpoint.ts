/**
 * Reads where the gateway is from what people write into settings and IB_HOST: a name, an address, a URL, with or without a
 * port. Pure; whether the name resolves is found out when connecting.
 */
export interface Endpoint {
  host: string;
  port: number;
}

export interface EndpointFinding {
  code: 'host/invalid' | 'port/invalid';
  expected: string;
  found: string;
}

export type EndpointResult = { ok: true; endpoint: Endpoint } | { ok: false; finding: EndpointFinding };

export const defaultEndpoint: Endpoint = { host: '127.0.0.1', port: 7497 };

/** A port inside the host text counts before `portText`: it was written together with the host. */
export function parseEndpoint(hostText: string, portText?: string | number): EndpointResult {
  const text = hostText.trim();
  const bare = text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/\/.*$/, '');
  const split = splitPort(bare);
  if (!split || !isHost(split.host))
    return invalid('host/invalid', 'a name or address like 127.0.0.1, localhost:4002 or [::1]:7497', text);
  const written = split.port ?? (portText === undefined ? '' : String(portText).trim());
  if (written === '') return { ok: true, endpoint: { host: split.host, port: defaultEndpoint.port } };
  const port = /^\d{1,5}$/.test(written) ? Number(written) : 0;
  if (port < 1 || port > 65535) return invalid('port/invalid', 'a whole number from 1 to 65535', written);
  return { ok: true, endpoint: { host: split.host, port } };
}

/** As a person writes it: an IPv6 address needs its brackets before a port. */
export const endpointText = ({ host, port }: Endpoint): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

function splitPort(text: string): { host: string; port?: string } | undefined {
  if (text === '') return { host: defaultEndpoint.host };
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed) return bracketed[1]?.includes(':') ? withPort(bracketed[1], bracketed[2]) : undefined;
  const colons = text.split(':').length - 1;
  if (colons > 1) return { host: text }; // an IPv6 address without brackets has no port
  const [host = '', port] = text.split(':');
  return withPort(host === '' ? defaultEndpoint.host : host, port);
}

const withPort = (host: string, port: string | undefined): { host: string; port?: string } =>
  port === undefined ? { host } : { host, port };

function isHost(host: string): boolean {
  if (host.includes(':')) return /^[0-9a-f:.]+(%[\w.-]+)?$/i.test(host) && host.split(':').length > 2;
  if (/^[\d.]+$/.test(host))
    return /^(\d{1,3}\.){3}\d{1,3}$/.test(host) && host.split('.').every(part => Number(part) < 256);
  return host.length <= 253 && /^[a-z0-9]([\w-]*[a-z0-9])?(\.[a-z0-9]([\w-]*[a-z0-9])?)*\.?$/i.test(host);
}

const invalid = (code: EndpointFinding['code'], expected: string, found: string): EndpointResult => ({
  ok: false,
  finding: { code, expected, found },
});
