import { classicOr, type ServiceApp } from '@genai-environments/service-kit';
import * as z from 'zod';
import type { PromptVersion } from '../domain/PromptTemplate';
import type { PromptTemplates } from '../domain/PromptTemplates';
import {
  nameRequestSchema,
  pageQuerySchema,
  promptListSchema,
  promptSchema,
  saveRequestSchema,
  versionRequestSchema,
} from './schemas';

const read = classicOr('genai/prompt.read');
const write = classicOr('genai/prompt.write');

/** Where lists whose body has a classic shape say that there is more. */
const NEXT_CURSOR = 'x-next-cursor';

/** Every classic route below `/prompt/template`. */
export function addPromptRoutes(
  app: ServiceApp,
  { prompts }: { prompts: PromptTemplates },
): void {
  addReadRoutes(app, prompts);
  addListRoutes(app, prompts);

  app.post(
    '/prompt/template/save',
    {
      config: { auth: write },
      schema: {
        summary: 'Save the next version of a prompt template',
        body: saveRequestSchema,
        response: { 200: promptSchema },
      },
    },
    async request => {
      const { name, prompt_template: template } = request.body;
      const { clientId } = request.caller!;
      return toAnswer(await prompts.save(clientId, { name, template }));
    },
  );
}

function addReadRoutes(app: ServiceApp, prompts: PromptTemplates): void {
  app.post(
    '/prompt/template/get',
    {
      config: { auth: read },
      schema: {
        summary: 'Get the latest version of a prompt template',
        body: nameRequestSchema,
        response: { 200: promptSchema },
      },
    },
    async request => {
      const { clientId } = request.caller!;
      return toAnswer(await prompts.getLatest(clientId, request.body.name));
    },
  );

  app.post(
    '/prompt/template/version',
    {
      config: { auth: read },
      schema: {
        summary: 'Get one version of a prompt template',
        body: versionRequestSchema,
        response: { 200: promptSchema },
      },
    },
    async request => {
      const { name, vnum: version } = request.body;
      const { clientId } = request.caller!;
      return toAnswer(await prompts.getVersion(clientId, { name, version }));
    },
  );
}

function addListRoutes(app: ServiceApp, prompts: PromptTemplates): void {
  app.post(
    '/prompt/template/versions',
    {
      config: { auth: read },
      schema: {
        summary: 'List the versions of a prompt template',
        querystring: pageQuerySchema,
        body: nameRequestSchema,
        response: { 200: z.array(promptSchema) },
      },
    },
    async (request, reply) => {
      const { items, nextCursor } = await prompts.listVersions(
        request.caller!.clientId,
        request.body.name,
        request.query,
      );
      if (nextCursor !== undefined) reply.header(NEXT_CURSOR, nextCursor);
      return items.map(toAnswer);
    },
  );

  app.get(
    '/prompt/template/list',
    {
      config: { auth: read },
      schema: {
        summary: 'List all prompt templates with their versions',
        querystring: pageQuerySchema,
        response: { 200: promptListSchema },
      },
    },
    async (request, reply) => {
      const { items, nextCursor } = await prompts.list(
        request.caller!.clientId,
        request.query,
      );
      if (nextCursor !== undefined) reply.header(NEXT_CURSOR, nextCursor);
      return Object.fromEntries(
        items.map(({ name, versions }) => [
          name,
          versions.map(({ version, template }) => ({
            version,
            prompt_template: template,
          })),
        ]),
      );
    },
  );
}

function toAnswer({ id, name, template, version }: PromptVersion) {
  return { id, name, prompt_template: template, version };
}
