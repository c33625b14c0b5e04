/** How long the app may take to end itself once its runtime is gone. */
const GRACE_MS = 500;

/**
 * Runs in the app's process before the app. The channel to the runtime closes when the
 * runtime ends in whatever way, SIGKILL included; the app follows.
 *
 * `unref`, or the channel alone would keep a process alive whose work is done.
 */
const SOURCE = `
process.once('disconnect', () => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${GRACE_MS});
  process.kill(process.pid, 'SIGTERM');
});
process.channel?.unref();
`;

/** Value of Node's `--import` that installs the guard; needs no file. */
export const APP_GUARD_URL = `data:text/javascript,${encodeURIComponent(
  SOURCE,
)}`;
