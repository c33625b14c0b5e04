import {
  classicOr,
  NEXT_CURSOR,
  type ServiceApp,
} from '@genai-environments/service-kit';
import * as z from 'zod';
import type { PromptVersion } from '../domain/PromptTemplate';
import type { PromptTemplates } from '../domain/PromptTemplates';
import {
  deletedTemplateSchema,
  describedPromptSchema,
  getRequestSchema,
  nameQuerySchema,
  nameRequestSchema,
  pageQuerySchema,
  promptListSchema,
  promptSchema,
  saveRequestSchema,
  versionRequestSchema,
} from './schemas';

const read = classicOr('genai/prompt.read');
const write = classicOr('genai/prompt.write');

/** Every classic route below `/prompt/template`, and deletion. */
export function addPromptRoutes(
  app: ServiceApp,
  { templates }: { templates: PromptTemplates },
): void {
  addReadRoutes(app, templates);
  addListRoutes(app, templates);
  addWriteRoutes(app, templates);
}

function addWriteRoutes(app: ServiceApp, templates: PromptTemplates): void {
  app.post(
    '/prompt/template/save',
    {
      config: { auth: write },
      schema: {
        summary: 'Save the next version of a prompt template',
        body: saveRequestSchema,
        response: { 200: describedPromptSchema },
      },
    },
    async request => {
      const { name, prompt_template: template, syntax } = request.body;
      const { clientId } = request.caller!;
      return describe(
        templates,
        await templates.save(clientId, { name, template, syntax }),
      );
    },
  );

  app.delete(
    '/prompt/template',
    {
      config: { auth: write },
      schema: {
        summary: 'Delete a prompt template with its versions and labels',
        querystring: nameQuerySchema,
        response: { 200: deletedTemplateSchema },
      },
    },
    async request => {
      const { name } = request.query;
      const { clientId } = request.caller!;
      return { name, deleted_versions: await templates.delete(clientId, name) };
    },
  );
}

function addReadRoutes(app: ServiceApp, templates: PromptTemplates): void {
  app.post(
    '/prompt/template/get',
    {
      config: { auth: read },
      schema: {
        summary: 'Get the latest or a labelled version of a prompt template',
        body: getRequestSchema,
        response: { 200: describedPromptSchema },
      },
    },
    async request => {
      const { clientId } = request.caller!;
      return describe(templates, await templates.get(clientId, request.body));
    },
  );

  app.post(
    '/prompt/template/version',
    {
      config: { auth: read },
      schema: {
        summary: 'Get one version of a prompt template',
        body: versionRequestSchema,
        response: { 200: describedPromptSchema },
      },
    },
    async request => {
      const { name, vnum: version, label } = request.body;
      const { clientId } = request.caller!;
      return describe(
        templates,
        await templates.get(clientId, { name, version, label }),
      );
    },
  );
}

function addListRoutes(app: ServiceApp, templates: PromptTemplates): void {
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
      const { items, nextCursor } = await templates.listVersions(
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
      const { items, nextCursor } = await templates.list(
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

function describe(templates: PromptTemplates, prompt: PromptVersion) {
  const variables = templates.describeVariables(prompt);
  return { ...toAnswer(prompt), ...(variables ? { variables } : {}) };
}

function toAnswer({ id, name, template, version, syntax }: PromptVersion) {
  return { id, name, prompt_template: template, version, syntax };
}
