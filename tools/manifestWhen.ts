/**
 * The conditions that menus, keys and welcome views of the manifest share. Context keys are set in src/ui/contextKeys.ts; a
 * test holds one against the other.
 */
export const SYMBOL_ROW = 'view == dronebot.session && viewItem =~ /^symbol\\./';
// The words behind a symbol's state are made in src/reports/treeModel.ts.
export const PAUSABLE_ROW = 'view == dronebot.session && viewItem =~ /\\.canPause$/';
export const RESUMABLE_ROW = 'view == dronebot.session && viewItem =~ /\\.canResume$/';
export const UNEXPLAINED_ROW = 'view == dronebot.session && viewItem =~ /\\.unexplained$/';
export const SESSION_ROW = 'view == dronebot.session && viewItem == session';
export const IS_TARGETS = 'resourceLangId == dronebot-targets';
export const IS_FILLS = 'resourceFilename =~ /fills.*\\.csv$/i';
export const RUNNING = 'dronebot.state == running';
export const IDLE = 'dronebot.state == idle';
// Before the extension has been woken there is no state; asking for a start is what wakes it.
export const CAN_START = `!dronebot.state || ${IDLE}`;
