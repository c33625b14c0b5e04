import { z } from 'zod';
import { serviceNameSchema } from './environment';

/** Lines of one page: as many as are shown at once, and at most. */
export const DEFAULT_LOG_LINES = 200;
export const MAX_LOG_LINES = 1000;

/** Query of `GET /v1/environments/:name/logs`. */
export const logRequestSchema = z.object({
  /** Lines of this service only. */
  service: serviceNameSchema.optional(),
  /** The `cursor` of an earlier page: lines since then. Absent: the newest lines. */
  after: z.string().min(1).max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_LOG_LINES).optional(),
});
export type LogRequest = z.infer<typeof logRequestSchema>;

/** One line of what a service writes. Never contains what looks like a key. */
export const logLineSchema = z.object({
  /** Unique within the environment. */
  id: z.string(),
  at: z.iso.datetime(),
  /** Absent: the line says of none. */
  service: z.string().optional(),
  level: z.enum(['debug', 'info', 'warn', 'error']).optional(),
  message: z.string(),
  /** What a structured line says beside its message, as JSON. */
  detail: z.string().optional(),
});
export type LogLine = z.infer<typeof logLineSchema>;

/** Lines, oldest first. `cursor` asks for what comes after them. */
export type LogPage = { items: LogLine[]; cursor: string };
