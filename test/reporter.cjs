// Mocha's spec reporter that also leaves the counts of its run in the file named by DRONEBOT_COUNTS, one JSON line a run,
// so that tools/test.ts can add them up without reading words off the screen. Runs in VS Code's extension host too.
const { appendFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.DRONEBOT_COUNTS;
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      if (file) appendFileSync(file, `${JSON.stringify({ passed: passes, failed: failures, skipped: pending })}\n`);
    });
  }
};
