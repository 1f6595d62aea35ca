/**
 * What the extension needs only once somebody looks at something: texts, tables and pages. In the bundle these modules are a
 * file of their own, `dist/onDemand.js`, which the first call of any of their functions loads (tools/bundlePlugins.mjs).
 * Whatever a window needs for its start stays out of this list.
 */
/* eslint-disable no-restricted-syntax -- no barrel: nobody imports it, it is where a bundle begins */
export * as anchorDays from '../reports/anchorDays';
export * as anchorsReport from '../reports/anchorsReport';
export * as anchorsText from '../reports/anchorsText';
export * as anchorsView from '../reports/anchorsView';
export * as archive from '../session/archive';
export * as archiveText from '../reports/archiveText';
export * as changePreview from '../reports/changePreview';
export * as completions from '../reports/completions';
export * as dashboardChart from '../reports/dashboardChart';
export * as dashboardDetail from '../reports/dashboardDetail';
export * as dashboardHead from '../reports/dashboardHead';
export * as dashboardModel from '../reports/dashboardModel';
export * as dashboardSteps from '../reports/dashboardSteps';
export * as fillNotice from '../reports/fillNotice';
export * as fillReview from '../reports/fillReview';
export * as fillRows from '../reports/fillRows';
export * as fillTables from '../reports/fillTables';
export * as fillsView from '../reports/fillsView';
export * as findingHelp from '../reports/findingHelp';
export * as fixes from '../targets/fixes';
export * as format from '../reports/format';
export * as hoverText from '../reports/hoverText';
export * as idleLadder from '../reports/idleLadder';
export * as journal from '../session/journal';
export * as journalFees from '../reports/journalFees';
export * as ladderMarkdown from '../reports/ladderMarkdown';
export * as ladderWarning from '../targets/ladderWarning';
export * as launcher from '../reports/launcher';
export * as lineEnds from '../reports/lineEnds';
export * as noticeText from '../reports/noticeText';
export * as overridesFile from '../session/overridesFile';
export * as problemText from '../reports/problemText';
export * as pythonBotImport from '../reports/pythonBotImport';
export * as sizing from '../strategy/sizing';
export * as snapshotReader from '../session/snapshotReader';
export * as takeOver from '../session/takeOver';
export * as targetsAdvice from '../reports/targetsAdvice';
export * as targetsFormat from '../targets/format';
export * as treeModel from '../reports/treeModel';
export * as valueText from '../reports/valueText';
