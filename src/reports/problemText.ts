/**
 * The words of the broker's problems: found first, then expected, then what to do, with the buttons that help. Showing them is
 * src/ui's.
 */
import type { BrokerProblem } from '../broker/port';
import { clock } from './format';
import { DASHBOARD, LOG, RETRY, SETTINGS, error, sentence, warning, type Message } from './message';

/** What else a problem's sentence names. */
export interface ProblemContext {
  /** ms UTC. */
  readonly t: number;
  readonly positions: number;
}

export function problemMessage(problem: BrokerProblem, context: ProblemContext): Message {
  switch (problem.code) {
    case 'nothingListens':
      return error(
        `Nothing listens on ${at(problem)}. Is TWS running with "Enable ActiveX and Socket Clients" on? ` +
          'TWS paper listens on 7497, live on 7496; IB Gateway on 4002 and 4001.',
        RETRY,
        SETTINGS,
      );
    case 'clientIdInUse':
      return warning(
        `Client id ${problem.clientId} is already in use at ${at(problem)} (code 326). Dronebot waits until it is free. ` +
          'Close the other program, or give one of the two another id.',
        SETTINGS,
      );
    case 'notAGateway':
      return error(
        `${at(problem)} answered, but not as TWS or IB Gateway does. Expected a server version, found ${problem.found}. Check the port.`,
        SETTINGS,
      );
    case 'hostUnknown':
      return warning(`Host "${problem.host}" does not resolve. Trying ${problem.fallback} instead.`, SETTINGS);
    case 'closedInHandshake':
      return error(
        `${at(problem)} closed the connection in the handshake. Allow this machine under "Trusted IPs" in the API settings of TWS, and look whether it shows a question there.`,
        RETRY,
        SETTINGS,
      );
    case 'noAnswer':
      return error(
        `${problem.port === 0 ? 'The gateway' : at(problem)} did not answer within ${problem.seconds === 0 ? 'the time it has' : `${problem.seconds} s`}. ` +
          'Look whether TWS or IB Gateway shows a question or is still starting.',
        RETRY,
        SETTINGS,
      );
    case 'readOnly':
      return error(
        `The gateway takes no orders: ${sentence(problem.text)} Switch "Read-Only API" off in its API settings.`,
        SETTINGS,
      );
    case 'linkLost':
      return error(
        `Link to ${at(problem)} lost at ${clock(context.t)}. ${unprotected(context.positions)}Nothing is sent meanwhile; Dronebot keeps trying.`,
        DASHBOARD,
      );
    case 'wrongAccount':
      return error(
        `The gateway is connected to another account now: expected ${tail(problem.expected)}, found ${tail(problem.found)}. The session has ended. Log in to the first account and start again.`,
        RETRY,
      );
    case 'severalAccounts':
      return error(
        `The gateway offers ${problem.accounts.length} accounts (${problem.accounts.map(tail).join(', ')}). Set dronebot.account to the one to trade.`,
        SETTINGS,
      );
    case 'iocNotHonoured':
      return error(
        `Order ${problem.orderId} was to be filled at once or cancelled, and rests at the broker: ${sentence(problem.text)}`,
        LOG,
      );
    case 'competingSession':
      return warning(
        `Another login takes the market data of this account: ${sentence(problem.text)} Close it there; stops cannot fire meanwhile.`,
        DASHBOARD,
      );
    case 'clockApart':
      return warning(
        `This machine's clock is ${Math.abs(problem.seconds)} s ${problem.seconds < 0 ? 'behind' : 'ahead of'} the gateway's. Set it right: opening and closing times go by it.`,
        LOG,
      );
    case 'brokerSays':
      return {
        ...warning(
          `${problem.symbol === undefined ? 'The broker' : problem.symbol}: ${sentence(problem.text)} (code ${problem.brokerCode})`,
        ),
        level: 'log',
      };
  }
}

function unprotected(positions: number): string {
  if (positions === 0) return '';
  return positions === 1
    ? '1 position is without its stop until it is back. '
    : `${positions} positions are without their stops until it is back. `;
}

const at = ({ host, port }: { host: string; port: number }): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;
const tail = (account: string): string => `···${account.slice(-4)}`;
