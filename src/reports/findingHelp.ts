/**
 * One or two sentences to each code of a finding or an advice: why it is one and what happens if it stays. The message says
 * what is wrong on this line; this is what a person wants to know the first time.
 */
import type { FindingCode } from '../targets/findings';
import type { AdviceCode } from './targetsAdvice';

const NOT_TRADED = 'The line is not traded; in a running session its last good version stays in force.';
const NO_START = 'A session does not start with an invalid @config; a running one goes on with the last good one.';

export const findingHelp = (code: FindingCode | AdviceCode): string => HELP[code];

const HELP: Readonly<Record<FindingCode | AdviceCode, string>> = {
  'symbol/invalid': `The first word of a line is the ticker of a US stock, such as \`RCAT\` or \`BRK.B\`. ${NOT_TRADED}`,
  'symbol/missing': `A line is a ticker and then key=value. ${NOT_TRADED}`,
  'symbol/duplicate': 'Of two lines with one ticker the first counts, be it valid or not; this one is never traded.',
  'field/unknown': `A key that nobody knows could be a mistyped one that matters, so it is no comment. ${NOT_TRADED}`,
  'config/unknown': NO_START,
  'field/duplicate': `Two values of one key contradict each other, even when they are the same today. ${NOT_TRADED}`,
  'field/missingValue': `Leave the key out where its default is meant. ${NOT_TRADED}`,
  'field/missingKey': NOT_TRADED,
  'field/spaces': `White space parts fields, so key, equals sign and value stand together. ${NOT_TRADED}`,
  'field/unexpected': `Behind the ticker come only fields; notes go behind a \`#\`. ${NOT_TRADED}`,
  'value/notNumber': `Numbers are digits with an optional point: \`0.6\`, not \`0,6\` and not \`60%\`. ${NOT_TRADED}`,
  'value/range': `The range keeps a slip of the point from becoming an order. ${NOT_TRADED}`,
  'value/class': NOT_TRADED,
  'config/sum': `Together the classes may use at most the whole of the effective equity. ${NO_START}`,
  'directive/unknown': NO_START,
  'ladder/beyondStop':
    'Bought down the ladder, the position would be sold by the hard stop before its lowest rung is reached. The line is traded; a smaller buy keeps every rung inside the stop.',
  'money/overEquity':
    'The sum is that of all seven rungs at z 0. Buys stop at the limit: the deeper rungs are cut or skipped, just where the ladder was to average down.',
  'money/overClass':
    'The sum is that of all seven rungs at z 0. The class shares its budget among its symbols: the deeper rungs are cut or skipped, and other symbols of the class may find nothing left.',
  'money/overSymbol':
    'A symbol may cost at most its share of the class budget times the setting sizing.tickerFactor. The deeper rungs are cut or skipped.',
  'money/overOrder':
    'No order is larger than the settings limits.orderUsd and limits.orderShares; the rung buys less than planned.',
  'clip/underShare': 'A rung buys at least one share, so the position costs more than the clip says.',
  'ladder/overlap':
    'At low prices a whole tick is wider than the rungs are apart, and rounding lays a buy and a sell rung on one price. Larger percents part them.',
  'symbol/unknownToIb':
    'The broker was asked and knows no such US stock on SMART in USD. The budget of the line is shared by the other symbols of its class.',
  'symbol/heldUnlisted':
    'A symbol without a line is wound down with its last known one: no buys, exits go on until it is flat. List it again to trade it on.',
  'override/hides':
    'What the dashboard sets counts instead of the line until it is dropped. Write the number here, or drop the override.',
};
