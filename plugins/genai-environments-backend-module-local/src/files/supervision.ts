import { z } from 'zod';

/** The start of the runtime that counts now. */
const launchSchema = z.object({
  at: z.number(),
  configHash: z.string(),
  /** Absent when the backend died between the start and noting it. */
  pid: z.int().positive().optional(),
  /** Everything worked since. */
  readyAt: z.number().optional(),
  /** It runs and does not answer since. */
  silentSince: z.number().optional(),
  /** The provisioner ends it: its end is no crash. */
  stopping: z.boolean().optional(),
});
export type Launch = z.infer<typeof launchSchema>;

/** Ends that nobody asked for, in a row. */
const crashesSchema = z.object({
  count: z.int().positive(),
  /** A sentence. */
  cause: z.string(),
  nextAction: z.string(),
  retryAt: z.number(),
  /** What was started; anything else is worth a try at once. */
  configHash: z.string(),
});
export type Crashes = z.infer<typeof crashesSchema>;

/**
 * What must survive a restart of the backend about the runtime of one environment and
 * cannot be seen by looking. Times are milliseconds since the epoch.
 */
export const supervisionSchema = z.object({
  /** When everything worked for the first time; from then on the port is for life. */
  firstReadyAt: z.number().optional(),
  launch: launchSchema.optional(),
  crashes: crashesSchema.optional(),
  /** Reason of the problem that was last told in an event, so that it is told once. */
  reported: z.string().optional(),
});
export type Supervision = z.infer<typeof supervisionSchema>;

/** Of an environment whose runtime was never started. */
export const NEVER_LAUNCHED: Supervision = {};
