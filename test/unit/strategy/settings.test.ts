/** Settings: a number that nobody meant is left at its default and said. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { DEFAULT_SETTINGS, NUMBER_SETTINGS, readSettings, type SettingSpec } from '../../../src/strategy/settings';

const problems = (given: Record<string, unknown>): string =>
  readSettings(given)
    .problems.map(({ key, expected }) => `${key}: ${expected}`)
    .join('; ');

describe('strategy: settings', () => {
  it('are the defaults when nothing is given', () => {
    deepEqual(readSettings({}), { settings: DEFAULT_SETTINGS, problems: [] });
    equal(DEFAULT_SETTINGS['protection.antiShort'], false);
  });

  it('take what is in range', () => {
    const { settings } = readSettings({ 'protection.hardStopPercent': 4, 'protection.antiShort': true, other: 'x' });
    equal(settings['protection.hardStopPercent'], 4);
    equal(settings['protection.antiShort'], true);
  });

  const refused: readonly (readonly [given: Record<string, unknown>, said: string])[] = [
    [{ 'protection.hardStopPercent': 0 }, 'protection.hardStopPercent: a number from 0.5 to 50'],
    [{ 'protection.hardStopPercent': 51 }, 'protection.hardStopPercent: a number from 0.5 to 50'],
    [{ 'protection.hardStopPercent': '4' }, 'protection.hardStopPercent: a number from 0.5 to 50'],
    [{ 'protection.hardStopPercent': NaN }, 'protection.hardStopPercent: a number from 0.5 to 50'],
    [{ 'limits.rejects': 2.5 }, 'limits.rejects: a whole number from 1 to 100'],
    [{ 'protection.antiShort': 1 }, 'protection.antiShort: true or false'],
  ];
  for (const [given, said] of refused) {
    it(`${JSON.stringify(given)} is refused: ${said}`, () => {
      equal(problems(given), said);
      deepEqual(readSettings(given).settings, DEFAULT_SETTINGS);
    });
  }

  it('have a default inside their range, and the ends of it are accepted', () => {
    for (const [key, spec] of Object.entries<SettingSpec>(NUMBER_SETTINGS)) {
      ok(spec.min <= spec.default && spec.default <= spec.max, key);
      equal(problems({ [key]: spec.min }) + problems({ [key]: spec.max }), '', key);
    }
  });
});
