import { classicOr, type ServiceApp } from '@genai-environments/service-kit';
import type { PromptLabels } from '../domain/PromptLabels';
import {
  labelListSchema,
  labelQuerySchema,
  labelRequestSchema,
  labelSchema,
  nameRequestSchema,
} from './schemas';

const read = classicOr('genai/prompt.read');
const write = classicOr('genai/prompt.write');

/** Labels: move (or make), list, delete. */
export function addLabelRoutes(
  app: ServiceApp,
  { labels }: { labels: PromptLabels },
): void {
  app.post(
    '/prompt/template/label',
    {
      config: { auth: write },
      schema: {
        summary: 'Point a label at a version of a prompt template',
        body: labelRequestSchema,
        response: { 200: labelSchema },
      },
    },
    async request => {
      const { name } = request.body;
      const { clientId } = request.caller!;
      const { label, version } = await labels.move(clientId, request.body);
      return { name, label, version };
    },
  );

  app.post(
    '/prompt/template/labels',
    {
      config: { auth: read },
      schema: {
        summary: 'List the labels of a prompt template',
        body: nameRequestSchema,
        response: { 200: labelListSchema },
      },
    },
    async request => {
      const { clientId } = request.caller!;
      const list = await labels.list(clientId, request.body.name);
      return list.map(({ label, version, movedAt }) => ({
        label,
        version,
        moved_at: new Date(movedAt).toISOString(),
      }));
    },
  );

  app.delete(
    '/prompt/template/label',
    {
      config: { auth: write },
      schema: {
        summary: 'Delete a label; the version it points at stays',
        querystring: labelQuerySchema,
        response: { 200: labelQuerySchema },
      },
    },
    async request => {
      const { name, label } = request.query;
      await labels.delete(request.caller!.clientId, { name, label });
      return { name, label };
    },
  );
}
