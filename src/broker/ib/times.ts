/**
 * Reads the times and trading hours that a gateway writes as text in its own time zones, and gives ms UTC. It knows no
 * calendar: what the text does not say stays unknown.
 */

/** US stocks; also what IB's `EST5EDT` and `EST (Eastern Standard Time)` of older versions mean. */
const exchangeZone = 'America/New_York';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, format);
  return format;
}

/** A zone that this machine knows, or undefined. */
export function zoneOf(id: string | undefined): string | undefined {
  const name = (id ?? '').trim();
  if (name === '') return undefined;
  if (/^(EST|EDT|US\/Eastern)/.test(name)) return exchangeZone;
  try {
    formatFor(name);
    return name;
  } catch {
    return undefined; // RangeError: no such zone
  }
}

function offsetAt(t: number, zone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatFor(zone).formatToParts(t)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(t / 1000) * 1000;
}

/** ms UTC of a wall time in a zone. `day` is yyyymmdd, `time` seconds from midnight. */
export function toUtc(day: string, time: number, zone: string): number {
  const wall = Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6, 8))) + time * 1000;
  const first = wall - offsetAt(wall, zone);
  return wall - offsetAt(first, zone);
}

/** `20260413 15:27:04 US/Eastern`, `20260413-15:27:04` (UTC) or epoch seconds; undefined when the zone is not said. */
export function gatewayTime(text: string): number | undefined {
  if (/^\d{9,11}$/.test(text)) return Number(text) * 1000;
  const match = /^(\d{8})(-| {1,2})(\d{2}):(\d{2}):(\d{2})(?: (\S.*))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, day = '', separator, h, m, s, zoneText] = match;
  const zone = zoneOf(zoneText) ?? (separator === '-' ? 'UTC' : undefined);
  return zone === undefined ? undefined : toUtc(day, Number(h) * 3600 + Number(m) * 60 + Number(s), zone);
}

/**
 * `20260405:CLOSED;20260406:0930-20260406:1600` → [open, close) pairs; older gateways write `20260406:0930-1200,1300-1600`.
 * A closed day is an empty interval at its midnight. A piece that cannot be read is left out, and the calendar counts then.
 */
export function hoursOf(text: string, zoneId: string | undefined): (readonly [number, number])[] {
  const zone = zoneOf(zoneId) ?? exchangeZone;
  const hours: (readonly [number, number])[] = [];
  for (const piece of text.split(';')) {
    const match = /^(\d{8}):(.+)$/.exec(piece.trim());
    if (!match) continue;
    const [, day = '', sessions = ''] = match;
    if (sessions.toUpperCase() === 'CLOSED') {
      const midnight = toUtc(day, 0, zone);
      hours.push([midnight, midnight]);
      continue;
    }
    for (const session of sessions.split(',')) {
      const ends = /^(?:(\d{8}):)?(\d{2})(\d{2})-(?:(\d{8}):)?(\d{2})(\d{2})$/.exec(session.trim());
      if (!ends) continue;
      const [, fromDay, fromHour, fromMinute, toDay, toHour, toMinute] = ends;
      const open = toUtc(fromDay ?? day, (Number(fromHour) * 60 + Number(fromMinute)) * 60, zone);
      const close = toUtc(toDay ?? fromDay ?? day, (Number(toHour) * 60 + Number(toMinute)) * 60, zone);
      if (open < close) hours.push([open, close]);
    }
  }
  return hours.sort((a, b) => a[0] - b[0]);
}
