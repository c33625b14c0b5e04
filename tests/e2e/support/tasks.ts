import type { Session } from './session';
import { waitFor } from './waitFor';

const TEMPLATE = 'template:default/genai-environment';
const TASK_TIMEOUT_MS = 60_000;

export type TaskStatus =
  | 'open'
  | 'processing'
  | 'completed'
  | 'failed'
  | 'cancelled';

/** Starts the software template as the form does, once the catalog knows it. */
export async function startTask(
  session: Session,
  values: Record<string, unknown>,
): Promise<string> {
  await waitFor({
    what: `${TEMPLATE} to be in the catalog`,
    timeoutMs: 30_000,
    ask: () => session.hasEntity('template', 'genai-environment'),
  });
  const { id } = await session.json<{ id: string }>(
    '/api/scaffolder/v2/tasks',
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ templateRef: TEMPLATE, values }),
    },
  );
  return id;
}

export function cancelTask(session: Session, id: string) {
  return session.json(`/api/scaffolder/v2/tasks/${id}/cancel`, {
    method: 'POST',
  });
}

/** Resolves with how a task ended. */
export async function taskEnd(
  session: Session,
  id: string,
): Promise<TaskStatus> {
  return waitFor({
    what: `task ${id} to end`,
    timeoutMs: TASK_TIMEOUT_MS,
    ask: async () => {
      const { status } = await session.json<{ status: TaskStatus }>(
        `/api/scaffolder/v2/tasks/${id}`,
      );
      return status === 'open' || status === 'processing' ? undefined : status;
    },
  });
}

/** Everything a task has written to its log. */
export async function taskLog(session: Session, id: string): Promise<string> {
  const events = await session.json<Array<{ body: { message: string } }>>(
    `/api/scaffolder/v2/tasks/${id}/events`,
  );
  return events.map(({ body }) => body.message).join('\n');
}
