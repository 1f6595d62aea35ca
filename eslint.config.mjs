// The lint rules of the house. Types catch wrong values; these catch lost promises, forgotten cases and, in the pure rooms,
// every way to reach a clock, a timer or chance. Who may import whom is .dependency-cruiser.cjs.
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const pureRooms = ['targets', 'strategy', 'engine', 'reports', 'replay'].map(room => `src/${room}/**/*.ts`);

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: a name that is the same everywhere can be searched for.',
};
const noBarrel = {
  selector: 'ExportAllDeclaration',
  message: 'No barrels: import from the module that owns the name.',
};

// In a pure room the same input gives the same output, bit for bit. Each selector closes one door to the outside.
const impure = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'Time comes in with the event (at), never from a clock.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Time comes in with the event (at), never from a clock.',
  },
  { selector: "CallExpression[callee.name='Date']", message: 'Time comes in with the event (at), never from a clock.' },
  {
    selector: 'MemberExpression[property.name=/^get(Date|Day|FullYear|Hours|Minutes|Month|TimezoneOffset)$/]',
    message: "The machine's time zone must not count: use exchange time.",
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Chance would make two runs differ.',
  },
];
const impureGlobals = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'performance',
  'process',
  'fetch',
  'crypto',
  'require',
];

export const rulesFor = root =>
  defineConfig(
    { ignores: ['dist/**', 'coverage/**', '.vscode-host/**', '.vscode-test/**', 'node_modules/**'] },
    { linterOptions: { reportUnusedDisableDirectives: 'error' } },
    {
      files: ['**/*.ts'],
      extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
      languageOptions: {
        parserOptions: { project: ['tsconfig.json', 'tsconfig.webview.json'], tsconfigRootDir: root },
      },
      rules: {
        eqeqeq: 'error',
        'no-console': 'error',
        'no-restricted-syntax': ['error', noDefaultExport, noBarrel],
        '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
        '@typescript-eslint/no-misused-promises': 'error',
        '@typescript-eslint/switch-exhaustiveness-check': [
          'error',
          { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
        ],
        '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
        // A port's method may promise a value that one of its implementations has at once.
        '@typescript-eslint/require-await': 'off',
      },
    },
    {
      files: pureRooms,
      rules: {
        'no-restricted-syntax': ['error', noDefaultExport, noBarrel, ...impure],
        'no-restricted-globals': [
          'error',
          ...impureGlobals.map(name => ({ name, message: 'A pure room does not touch the world.' })),
        ],
      },
    },
    {
      // Programs for the terminal write to it.
      files: ['test/**/*.ts', 'tools/**/*.ts'],
      rules: { 'no-console': 'off' },
    },
    {
      files: ['**/*.mjs', '**/*.cjs'],
      extends: [js.configs.recommended],
      languageOptions: {
        globals: {
          process: 'readonly',
          console: 'readonly',
          URL: 'readonly',
          require: 'readonly',
          module: 'writable',
          __dirname: 'readonly',
        },
      },
    },
  );

export default rulesFor(import.meta.dirname);
