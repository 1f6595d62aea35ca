// The words of system notices, as recorded or documented. Which notice comes when is decided elsewhere.

export function noticeText(code: number): string {
  const texts: Readonly<Record<number, string>> = {
    100: 'Max rate of messages per second has been exceeded.',
    1100: 'Connectivity between IB and the TWS has been lost.',
    1101: 'Connectivity between IB and TWS has been restored- data lost.',
    1102: 'Connectivity between IB and TWS has been restored- data maintained.',
    2103: 'Market data farm connection is broken:usfarm',
    2104: 'Market data farm connection is OK:usfarm',
    2105: 'HMDS data farm connection is broken:ushmds',
    2106: 'HMDS data farm connection is OK:ushmds',
    2107: 'HMDS data farm connection is inactive but should be available upon demand.ushmds',
    2108: 'Market data farm connection is inactive but should be available upon demand.usfarm',
    2110: 'Connectivity between TWS and server is broken. It will be restored automatically.',
    2157: 'Sec-def data farm connection is broken:secdefnj',
    2158: 'Sec-def data farm connection is OK:secdefnj',
    10197: 'No market data during competing live session',
  };
  return texts[code] ?? `Notice ${code}`;
}
