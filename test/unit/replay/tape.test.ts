/** Lines of a tape: what is taken, and what is said of a line that cannot be. */
import { deepEqual, equal } from 'node:assert/strict';
import { TapeFacts, readTapeLine } from '../../../src/replay/tape';

const read = (text: string, previous = 0): string => {
  const line = readTapeLine(text, 7, previous);
  if (line === null) return 'nothing';
  if ('header' in line) return 'header';
  return 'finding' in line
    ? `${line.finding.line}: expected ${line.finding.expected}, found ${line.finding.found}`
    : `event ${line.event.type}`;
};

describe('replay: lines of a tape', () => {
  const taken: readonly (readonly [text: string, answer: string])[] = [
    ['', 'nothing'],
    ['   ', 'nothing'],
    ['{"t":1,"type":"tick","symbol":"A","last":27.16}', 'event tick'],
    ['{"t":1,"type":"tick","symbol":"A","bid":null}', 'event tick'],
    ['{"t":1,"type":"bar","symbol":"A","start":0,"open":1,"high":1,"low":1,"close":1,"volume":5}', 'event bar'],
    ['{"t":1,"type":"link","up":false}', 'event link'],
    ['{"t":1,"type":"override","symbol":"A","buy":0.7}', 'event override'],
    ['{"t":1,"type":"targets","text":""}', 'event targets'],
    ['{"t":1,"type":"control","action":"pause"}', 'event control'],
    ['{"t":1,"type":"session","recorded":true}', 'header'],
  ];
  for (const [text, answer] of taken) it(`${text || 'an empty line'}: ${answer}`, () => equal(read(text), answer));

  const refused: readonly (readonly [text: string, answer: string])[] = [
    ['{"t":1', '7: expected a JSON object, found {"t":1'],
    ['[1]', '7: expected a JSON object, found [1]'],
    ['null', '7: expected a JSON object, found null'],
    ['{"type":"time"}', '7: expected t in milliseconds UTC, found nothing'],
    ['{"t":"1","type":"time"}', '7: expected t in milliseconds UTC, found 1'],
    ['{"t":1,"type":"tick"}', '7: expected a text for "symbol", found nothing'],
    ['{"t":1,"type":"tick","symbol":"A","last":"27"}', '7: expected a number or null for "last", found 27'],
    ['{"t":1,"type":"tick","symbol":"A","volume":true}', '7: expected a number or null for "volume", found true'],
    ['{"t":1,"type":"tick","symbol":5,"last":1}', '7: expected a text for "symbol", found 5'],
    ['{"t":1,"type":"bar","symbol":"A","start":0,"close":"1"}', '7: expected a number for "close", found 1'],
    ['{"t":1,"type":"tick","symbol":"A","last":1e999}', '7: expected a number or null for "last", found Infinity'],
    ['{"t":1,"type":"bar","symbol":"A","start":0,"close":null}', '7: expected a number for "close", found null'],
    ['{"t":1,"type":"link","up":"yes"}', '7: expected true or false for "up", found yes'],
    ['{"t":1,"type":"targets","text":5}', '7: expected a text for "text", found 5'],
    ['{"t":1,"type":"override","symbol":"A","buy":"1"}', '7: expected a number or null for "buy", found 1'],
    ['{"t":1,"type":"dataType","symbol":"A","value":"1"}', '7: expected a number for "value", found 1'],
    ['{"t":1,"type":"contract","symbol":"A","hours":7}', '7: expected a list of pairs of numbers for "hours", found 7'],
    [
      '{"t":1,"type":"contract","symbol":"A","hours":[[1,2],[5]]}',
      '7: expected a list of pairs of numbers for "hours", found [[1,2],[5]]',
    ],
    [
      '{"t":1,"type":"contract","symbol":"A","ticks":[[0,"x"]]}',
      '7: expected a list of pairs of numbers for "ticks", found [[0,"x"]]',
    ],
    ['{"t":1,"type":"contract","symbol":"A","minTick":"a"}', '7: expected a number for "minTick", found a'],
    [
      '{"t":1,"type":"control","action":"dance"}',
      '7: expected pause, resume, protect, flatten, kill, release, resetLoss, leaveStops, adopt, leaveAlone for "action", found dance',
    ],
    [
      '{"t":1,"type":"exec","execId":"x","symbol":"A","side":"buy","qty":5,"price":"1"}',
      '7: expected BUY, SELL for "side", found buy',
    ],
    [
      '{"t":1,"type":"exec","execId":"x","symbol":"A","side":"BUY","qty":"5","price":"1"}',
      '7: expected a number for "qty", found 5',
    ],
  ];
  for (const [text, answer] of refused) it(`${text}: ${answer.slice(3)}`, () => equal(read(text), answer));

  it('a type that there is not names those that there are', () => {
    equal(read('{"t":1,"type":"toString"}').startsWith('7: expected a type of tick, bar, contract'), true);
  });

  it('time never falls', () => {
    equal(read('{"t":5,"type":"time"}', 5), 'event time');
    equal(read('{"t":4,"type":"time"}', 5), '7: expected t of at least 5, the line before, found 4');
  });

  it('a long line is quoted in short', () => equal(read(`x${'y'.repeat(200)}`).length < 110, true));

  it('the price of an execution may be a number, and a key may be missing', () => {
    const line = readTapeLine(
      '{"t":1,"type":"exec","execId":"x","symbol":"A","side":"BUY","qty":5,"price":98.5}',
      1,
      0,
    );
    deepEqual(line && 'event' in line && line.event.type === 'exec' && [line.event.price, line.event.key], [
      '98.5',
      '',
    ]);
  });

  it('knows beforehand whether the tape has links, orders and a header', () => {
    const facts = (...lines: string[]): string => {
      const made = new TapeFacts();
      for (const line of lines) made.look(line);
      return [made.hasLink, made.hasOrders, made.recorded].join();
    };
    equal(facts('{"t":1,"type":"tick","symbol":"LINK"}'), 'false,false,false');
    equal(facts('{"t":1,"type": "link","up":true}'), 'true,false,false');
    equal(facts('{"t":1,"type":"order","orderId":1}'), 'false,true,false');
    equal(facts('{"t":1,"type":"exec","execId":"x"}'), 'false,true,false');
    equal(facts('{"t":1,"type":"session","recorded":true}'), 'false,false,true');
    equal(facts('{"t":1,"type":"control","action":"link"}'), 'false,false,false');
  });
});
