import { z } from 'zod';
import { phaseSchema } from './environment';

/** One line of an environment's timeline; `sequence` counts from 1 without gaps. */
export const environmentEventSchema = z.object({
  sequence: z.number().int().positive(),
  at: z.iso.datetime(),
  type: z.enum(['Normal', 'Warning']),
  /** CamelCase, for programs. */
  reason: z.string(),
  /** A sentence, for people. */
  message: z.string(),
  /** Phase of the environment once the event had happened. */
  phase: phaseSchema,
  /** Entity reference of who caused it; absent when the reconciler did. */
  actor: z.string().optional(),
});
export type EnvironmentEvent = z.infer<typeof environmentEventSchema>;

/** A page of events in ascending order. */
export type EnvironmentEventList = { items: EnvironmentEvent[] };

/** Payload of the topic and of the signal channel. */
export type EnvironmentChange = {
  name: string;
  uid: string;
  phase: z.infer<typeof phaseSchema>;
  sequence: number;
};
