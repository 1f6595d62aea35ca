// Who may import whom (docs/architecture.md, "Invariants"). Things that are absent cannot be seen in the code, so each
// absence is a rule here, and test/house/rules.test.ts shows that each rule bites.
const pure = '^src/(targets|strategy|engine|reports|replay)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Modules of one room may name each other as types; at run time nothing goes in circles.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-cycles-between-rooms',
      comment: 'Between rooms not even types do.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { circular: true, via: { path: '^src/', pathNot: '^src/$1/' } },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^vscode$' } },
    {
      name: 'pure-no-platform',
      comment: 'The rooms that decide know neither VS Code nor Node.',
      severity: 'error',
      from: { path: pure },
      to: { path: '^vscode$' },
    },
    { name: 'pure-no-node', severity: 'error', from: { path: pure }, to: { dependencyTypes: ['core'] } },
    {
      name: 'pure-packages',
      comment: 'Exact decimals and the CSV format are all that the pure rooms take from outside.',
      severity: 'error',
      from: { path: pure },
      to: { path: 'node_modules/', pathNot: 'node_modules/(decimal\\.js|csv-parse|csv-stringify)/' },
    },
    {
      name: 'pure-no-edges',
      comment:
        'Arrows point inward: a pure room may name the types of the broker port and of shared/, nothing else of the edges.',
      severity: 'error',
      from: { path: pure },
      to: {
        path: '^(src/(broker|gateway|session|ui|shared|extension)|webview/)',
        pathNot: '^src/(broker/port\\.ts$|shared/)',
      },
    },
    {
      name: 'pure-port-types-only',
      severity: 'error',
      from: { path: pure },
      to: { path: '^src/(broker/port\\.ts$|shared/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'client-library-in-broker-ib',
      severity: 'error',
      from: { path: '^(src|webview|tools)/', pathNot: '^src/broker/ib/' },
      to: { path: '@stoqey/ib' },
    },
    {
      name: 'vscode-in-ui',
      severity: 'error',
      from: { path: '^(src|webview|tools)/', pathNot: '^src/(ui/|extension\\.ts$)' },
      to: { path: '^vscode$' },
    },
    {
      name: 'gateway-alone',
      comment: 'The simulated gateway must not share the bugs of what it tests.',
      severity: 'error',
      from: { path: '^src/gateway/' },
      to: { path: '^(src/(?!gateway/)|webview/)' },
    },
    {
      name: 'web-alone',
      comment:
        'The HTTP server is handed views and takes intents: what faces the network reaches no session and no disk by itself.',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { path: '^(src/(?!web/|shared/)|webview/|node_modules/|fs$|fs/)' },
    },
    {
      name: 'webview-shared-only',
      severity: 'error',
      from: { path: '^webview/' },
      to: { path: '^src/(?!shared/)' },
    },
    {
      name: 'webview-types-only',
      severity: 'error',
      from: { path: '^webview/' },
      to: { path: '^src/shared/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'webview-no-node', severity: 'error', from: { path: '^webview/' }, to: { dependencyTypes: ['core'] } },
    {
      name: 'nobody-imports-the-shell',
      comment: 'extension.ts and ui/ stand at the top: only each other import them.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(ui/|extension\\.ts$)' },
      to: { path: '^src/(ui/|extension\\.ts$)' },
    },
    {
      name: 'product-without-tests-and-tools',
      severity: 'error',
      from: { path: '^(src|webview)/' },
      to: { path: '^(test|tools)/' },
    },
    {
      name: 'product-without-dev-packages',
      comment: 'What ships may only use what package.json lists as a dependency.',
      severity: 'error',
      from: { path: '^(src|webview)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: '@types/',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['node', 'require', 'import', 'default'],
    },
  },
};
