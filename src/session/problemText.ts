/**
 * What a broker's problem means for a person at a terminal or in a log: found, expected, what to do. Views have their own words
 * and buttons for the same problems.
 */
import type { BrokerProblem } from '../broker/port';

const PORTS = 'TWS paper listens on 7497, live on 7496; IB Gateway on 4002 and 4001.';

export function problemText(problem: BrokerProblem): string {
  switch (problem.code) {
    case 'nothingListens':
      return `Nothing listens on ${problem.host}:${problem.port}. Is TWS running with "Enable ActiveX and Socket Clients" on? ${PORTS}`;
    case 'hostUnknown':
      return `Host "${problem.host}" does not resolve. Trying ${problem.fallback} instead.`;
    case 'clientIdInUse':
      return `Client id ${problem.clientId} is already in use at ${problem.host}:${problem.port} (code 326). Dronebot waits until it is free. Close the other program, or give one of the two another id.`;
    case 'notAGateway':
      return `${problem.host}:${problem.port} answered, but not as TWS or IB Gateway does. Expected a server version, found ${problem.found}. Check the port.`;
    case 'closedInHandshake':
      return `${problem.host}:${problem.port} closed the connection before it was ready. Is this address among TWS's trusted ones?`;
    case 'noAnswer':
      return `${problem.host}:${problem.port} did not answer within ${problem.seconds} s. Is TWS waiting for a login or a dialog?`;
    case 'readOnly':
      return `The gateway refuses orders: "${problem.text}". Turn off "Read-Only API" in its settings.`;
    case 'linkLost':
      return `Link to ${problem.host}:${problem.port} lost (${problem.text}). Nothing is sent meanwhile; Dronebot keeps trying.`;
    case 'wrongAccount':
      return `The session began with account \u00b7\u00b7\u00b7${problem.expected.slice(-4)} and is now connected to \u00b7\u00b7\u00b7${problem.found.slice(-4)}, so it ended.`;
    case 'severalAccounts':
      return `The gateway offers ${problem.accounts.length} accounts. Name the one to trade in the settings.`;
    case 'iocNotHonoured':
      return `Order ${problem.orderId} was not taken as immediate-or-cancel: "${problem.text}". Remove the order preset in TWS.`;
    case 'competingSession':
      return `Another login took the market data: "${problem.text}". Nothing trades until it is back.`;
    case 'clockApart':
      return `This machine's clock and the gateway's are ${problem.seconds} s apart. Set the clock.`;
    case 'brokerSays':
      return `The broker says: "${problem.text}" (code ${problem.brokerCode}${problem.symbol === undefined ? '' : `, ${problem.symbol}`}).`;
  }
}
