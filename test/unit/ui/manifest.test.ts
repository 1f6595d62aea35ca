/**
 * The manifest is code: every command is registered and categorised, every setting read, every `when` key set, and what is
 * written in package.json is what the tables say.
 */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { NUMBER_SETTINGS } from '../../../src/strategy/settings';
import { topRows } from '../../../src/reports/treeModel';
import { manifest } from '../../../tools/manifest';
import { snapshot } from '../reports/moment';

const root = path.resolve(__dirname, '../../..');
const found = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<string, unknown> & {
  contributes: {
    commands: { command: string; title: string; category: string; icon?: string; enablement?: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    viewsWelcome: { contents: string; when: string }[];
    keybindings: { command: string; key: string; when: string }[];
    walkthroughs: {
      id: string;
      steps: {
        id: string;
        title: string;
        description: string;
        media: Record<string, string>;
        completionEvents: string[];
      }[];
    }[];
    configuration: { title: string; properties: Record<string, Record<string, unknown>> }[];
  };
};
const sources = ['extension.ts', ...readdirSync(path.join(root, 'src/ui')).map(file => `ui/${file}`)].map(file =>
  readFileSync(path.join(root, 'src', file), 'utf8'),
);
const code = sources.join('\n');
const { commands, menus, viewsWelcome, keybindings, walkthroughs, configuration } = found.contributes;
const steps = walkthroughs.flatMap(each => each.steps);
const linked = (text: string): string[] => [...text.matchAll(/\(command:([\w.]+)/g)].map(([, id]) => id ?? '');
const settings = Object.assign({}, ...configuration.map(each => each.properties)) as Record<
  string,
  Record<string, unknown>
>;
const ids = commands.map(({ command }) => command);
const reportTexts = readdirSync(path.join(root, 'src/reports'))
  .map(file => readFileSync(path.join(root, 'src/reports', file), 'utf8'))
  .join('\n');

const contextKeys = [...new Set([...code.matchAll(/this\.set\('([\w.]+)'/g)].map(([, key]) => key ?? ''))];

describe('the manifest', () => {
  it('says what its tables say (npx tsx tools/manifest.ts writes it)', () => {
    for (const [key, value] of Object.entries(manifest()))
      deepEqual(found[key], JSON.parse(JSON.stringify(value)), key);
  });

  it('declares every command that the code registers, and no other', () => {
    const registered = [...code.matchAll(/this\.add\('(\w+)'/g)].map(([, id]) => `dronebot.${id}`);
    deepEqual([...registered].sort(), [...ids].sort());
  });

  it('puts every command into one category, with a title that is a verb or a name, and an icon', () => {
    for (const { command, title, category, icon } of commands) {
      equal(category, 'Dronebot', command);
      ok(/^[A-Z][\w ’.?-]+…?$/.test(title), `${command}: ${title}`);
      ok(/^\$\([a-z-]+\)$/.test(icon ?? ''), `${command} has icon ${icon}`);
    }
    equal(new Set(commands.map(({ title }) => title)).size, commands.length);
  });

  it('lets a person reach every command: by palette, or by a row, a link or a button', () => {
    const hidden = new Set(
      (menus.commandPalette ?? []).filter(({ when }) => when === 'false').map(({ command }) => command),
    );
    const elsewhere = new Set([
      ...Object.entries(menus).flatMap(([menu, items]) =>
        menu === 'commandPalette' ? [] : items.map(({ command }) => command),
      ),
      ...[...`${code}\n${reportTexts}`.matchAll(/(?:'|command:)(dronebot\.[a-zA-Z]+)/g)].map(([, id]) => id ?? ''),
      // Made from a list of names: the links of a hover.
      ...[...code.matchAll(/HOVER_COMMANDS = \[([^\]]*)\]/g)].flatMap(([, list]) =>
        [...(list ?? '').matchAll(/'(\w+)'/g)].map(([, id]) => `dronebot.${id}`),
      ),
    ]);
    deepEqual(
      ids.filter(id => hidden.has(id) && !elsewhere.has(id)),
      [],
    );
    deepEqual(
      [...hidden].filter(id => !ids.includes(id)),
      [],
    );
  });

  it('has a menu for what a row is asked most: why, its line, flatten; and for the session’s own row', () => {
    const of = (row: string) =>
      (menus['view/item/context'] ?? []).filter(({ when }) => when?.includes(row)).map(({ command }) => command);
    for (const id of ['why', 'openLine', 'flatten']) ok(of('symbol').includes(`dronebot.${id}`), id);
    for (const id of ['pause', 'resume', 'flatten', 'kill', 'stop'])
      ok(of('viewItem == session').includes(`dronebot.${id}`), id);
    const title = (menus['editor/title'] ?? []).map(({ command }) => command);
    for (const id of ['start', 'openDashboard']) ok(title.includes(`dronebot.${id}`), id);
  });

  it('offers for a symbol’s row what can be done with it: pause or resume, or the ways out of unexplained shares', () => {
    const offered = (viewItem: string) =>
      (menus['view/item/context'] ?? [])
        .filter(({ when = '' }) =>
          when.split(' && ').every(part => {
            const [, pattern, exact] = /^viewItem (?:=~ \/(.+)\/|== (.+))$/.exec(part) ?? [];
            if (pattern !== undefined) return new RegExp(pattern).test(viewItem);
            return exact === undefined ? part === 'view == dronebot.session' : exact === viewItem;
          }),
        )
        .map(({ command }) => command.replace('dronebot.', ''));
    const contexts = topRows(snapshot()).map(({ context }) => context);
    const always = 'why openLine openChart copyLadder copyLadderMarkdown dropOverride flatten'.split(' ').sort();
    const rows: readonly [string, string[]][] = [
      [contexts[1]!, ['pauseSymbol']],
      [contexts.find(context => context.includes('buysPaused'))!, ['resumeSymbol']],
      ['symbol.buysPaused.unexplained', ['leaveAlone', 'adopt']],
      ['symbol.buysPaused.short', []],
      ['symbol.failed', []],
    ];
    for (const [context, more] of rows) deepEqual(offered(context).sort(), [...always, ...more].sort(), context);
  });

  it('has one button in each welcome view', () => {
    ok(viewsWelcome.length >= 5);
    for (const { contents } of viewsWelcome) {
      const buttons = contents.split('\n').filter(line => /^\[[^\]]+\]\(command:[\w.]+\)$/.test(line));
      equal(buttons.length, 1, contents);
    }
  });

  it('binds only keys that need the focus of its own view or file, and to nothing that trades', () => {
    ok(keybindings.length > 0);
    const harmless = ['openLine', 'why', 'previewChanges', 'openDashboard'].map(id => `dronebot.${id}`);
    for (const { command, when } of keybindings) {
      ok(harmless.includes(command), command);
      ok(/focusedView == dronebot\.session|editorTextFocus && resourceLangId == dronebot-targets/.test(when), when);
    }
  });

  it('walks a newcomer from the sample to TWS, with commands and pictures that are there', () => {
    deepEqual(
      steps.map(({ id }) => id),
      ['sample', 'hover', 'start', 'dashboard', 'tws', 'day'],
    );
    for (const { id, description, media, completionEvents } of steps) {
      ok(linked(description).length > 0, `${id} has nothing to do`);
      deepEqual(
        linked(description).filter(command => !ids.includes(command)),
        [],
        id,
      );
      ok(completionEvents.length > 0, `${id} is never done`);
      for (const event of completionEvents)
        if (event.startsWith('onCommand:')) ok(ids.includes(event.slice('onCommand:'.length)), event);
      const file = media.svg ?? media.markdown ?? '';
      ok(existsSync(path.join(root, file)), file);
      if (media.svg !== undefined) ok((media.altText ?? '').length > 10, id);
      for (const [, picture] of readFileSync(path.join(root, file), 'utf8').matchAll(/!\[[^\]]*\]\(([^)]+)\)/g))
        ok(existsSync(path.join(root, path.dirname(file), picture ?? '')), picture);
    }
    ok(code.includes(`dronebot.dronebot#${walkthroughs[0]?.id}`));
  });

  it('names only commands that exist: in menus, welcome views, code and messages', () => {
    const named = [
      ...Object.values(menus)
        .flat()
        .map(item => item.command),
      ...viewsWelcome.flatMap(({ contents }) => linked(contents)),
      ...keybindings.map(({ command }) => command),
      ...[...`${code}\n${reportTexts}`.matchAll(/'(dronebot\.[a-zA-Z]+)'/g)].map(([, id]) => id ?? ''),
    ].filter(id => id.startsWith('dronebot.'));
    const pages = ['dronebot.dashboard', 'dronebot.served', 'dronebot.anchorsPage', 'dronebot.fillsPage'];
    const views = [...pages, 'dronebot.session', 'dronebot.status', 'dronebot.folder', 'dronebot.dronebot'];
    const kept = ['dronebot.anchorsReport', 'dronebot.fillsFile'];
    const others = [...views, ...kept, ...contextKeys];
    deepEqual(
      [...new Set(named)].filter(id => !ids.includes(id) && !others.includes(id)),
      [],
    );
  });

  it('shows no notification without something to do in it', () => {
    const bare = /show(?:Information|Warning|Error)Message\(\s*(?:`[^`]*`|'[^']*'|[\w.]+),?\s*\)/g;
    deepEqual(
      [...code.matchAll(bare)].map(([call]) => call),
      [],
    );
  });

  it('asks for every context key that is set, and for no other', () => {
    const whens = [
      ...Object.values(menus)
        .flat()
        .map(item => item.when ?? ''),
      ...viewsWelcome.map(({ when }) => when),
      ...commands.map(({ enablement }) => enablement ?? ''),
      ...keybindings.map(({ when }) => when),
      ...steps.flatMap(({ completionEvents }) => completionEvents.filter(event => event.startsWith('onContext:'))),
    ].join(' ');
    const asked = [...new Set([...whens.matchAll(/dronebot\.\w+/g)].map(([key]) => key))].filter(
      key => key !== 'dronebot.session',
    );
    deepEqual([...asked].sort(), [...contextKeys].sort());
  });

  it('has a setting with range, default and unit for every number of the strategy', () => {
    for (const [key, spec] of Object.entries(NUMBER_SETTINGS)) {
      const setting = settings[`dronebot.${key}`];
      deepEqual([setting?.minimum, setting?.maximum, setting?.default], [spec.min, spec.max, spec.default], key);
      ok(String(setting?.markdownDescription).includes(`In ${spec.unit}`), key);
    }
  });

  it('groups and orders the settings: each with a place, a default, a sentence and, for numbers, a range', () => {
    configuration.forEach(({ title, properties }, index) => {
      equal((configuration[index] as unknown as { order: number }).order, index + 1, title);
      Object.entries(properties).forEach(([key, setting], place) => {
        equal(setting.order, place + 1, key);
        ok(key.startsWith('dronebot.') && setting.default !== undefined, key);
        ok(
          /[.)]$/.test(String(setting.markdownDescription)) && /^[A-Z*]/.test(String(setting.markdownDescription)),
          key,
        );
        if (setting.type === 'number' || setting.type === 'integer') {
          const hasLow = setting.minimum !== undefined || setting.exclusiveMinimum !== undefined;
          ok(hasLow && (setting.maximum !== undefined || key === 'dronebot.equity'), `${key} has no range`);
          ok(/ to \d|Over 0/.test(String(setting.markdownDescription)), `${key} does not say its range`);
        }
        if (setting.enum !== undefined)
          equal((setting.enumDescriptions as unknown[]).length, (setting.enum as unknown[]).length, key);
      });
    });
  });

  it('trades nothing in Restricted Mode: it says so, and takes no file or money setting from the folder', () => {
    const { untrustedWorkspaces: limits, virtualWorkspaces } = found.capabilities as Record<
      string,
      { supported: string; description: string; restrictedConfigurations: string[] }
    >;
    deepEqual([limits?.supported, virtualWorkspaces?.supported], ['limited', 'limited']);
    ok(limits?.description.includes('nothing trades'));
    const ofMoney = Object.keys(settings).filter(
      key => settings[key]?.scope !== 'machine' && /targetsFile|equity|Share$/.test(key),
    );
    deepEqual(
      ofMoney.filter(key => !limits?.restrictedConfigurations.includes(key)),
      [],
    );
  });

  it('has no setting that nobody reads', () => {
    const read = (key: string) => key in NUMBER_SETTINGS || code.includes(`'${key}'`);
    deepEqual(
      Object.keys(settings)
        .map(key => key.replace('dronebot.', ''))
        .filter(key => !read(key)),
      [],
    );
  });

  it('lets no folder redirect orders: broker, host, port, client id and account are settings of the machine', () => {
    for (const key of [
      'broker',
      'host',
      'port',
      'clientId',
      'account',
      'dashboard.host',
      'dashboard.port',
      'dashboard.snapshotFile',
    ])
      equal(settings[`dronebot.${key}`]?.scope, 'machine', key);
  });

  it('names files that are there', () => {
    const files = [
      ...JSON.stringify(found).matchAll(/"(?:\.\/)?((?:media|syntaxes)\/[\w./-]+|language-configuration\.json)"/g),
    ].map(([, file]) => file ?? '');
    ok(files.length >= 4);
    deepEqual(
      files.filter(file => !existsSync(path.join(root, file))),
      [],
    );
  });
});
