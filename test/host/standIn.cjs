#!/usr/bin/env node
// Stands in for the executable of desktop VS Code where that cannot be downloaded: give this file to
// @vscode/test-electron as vscodeExecutablePath. The work is in standIn.ts.
require('tsx/cjs');
require('./standIn.ts').main(process.argv.slice(2));
