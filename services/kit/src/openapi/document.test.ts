import * as z from 'zod';
import { type Echo, echoService, startEcho } from '../app/testing/startEcho';

describe('the OpenAPI document', () => {
  let echo: Echo;
  beforeEach(async () => {
    echo = await startEcho();
  });
  afterEach(() => echo.app.close());

  it('documents its routes', async () => {
    const { paths, components } = (
      await echo.app.fastify.inject('/openapi.json')
    ).json();
    expect(paths['/echo/say/{id}'].post).toMatchObject({
      summary: 'Say it again',
      security: [
        { accessToken: ['genai/echo'] },
        { accessToken: ['genaifoundations/read'] },
      ],
      parameters: [{ name: 'id', in: 'path', required: true }],
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: { $ref: '#/components/schemas/Say' } },
        },
      },
    });
    expect(components.schemas.Say.properties.text).toEqual({
      type: 'string',
      maxLength: 5,
    });
    expect(paths['/echo/service/health'].get.security).toEqual([]);
    expect(Object.keys(paths)).not.toContain('/openapi.json');
  });

  it('documents what a check of a route looks at, and what bodies are refused', async () => {
    await echo.app.close();
    const credential = {
      name: 'portal',
      description: 'Of the portal.',
      type: 'http',
      scheme: 'bearer',
    } as const;
    const config = { auth: { verify: () => {}, credential } };
    const text = z
      .string()
      .regex(/^\P{Cc}+$/u)
      .regex(/^[^\p{Cc}]+$/u);
    const schema = { body: z.object({ text }) };
    echo = await startEcho([
      echoService({
        routes(each) {
          each.post('/echo/models', { config, schema }, async () => ({}));
          each.post('/echo/models/*', { config, schema }, async () => ({}));
        },
      }),
    ]);
    const { paths, components } = (
      await echo.app.fastify.inject('/openapi.json')
    ).json();
    const operation = paths['/echo/models'].post;
    expect(operation.security).toEqual([{ portal: [] }]);
    expect(components.securitySchemes.portal).toEqual({
      type: 'http',
      scheme: 'bearer',
      description: 'Of the portal.',
    });
    expect(Object.keys(operation.responses)).toEqual(
      expect.arrayContaining(['400', '401', '403', '413', '415', '422']),
    );
    expect(JSON.stringify(operation.requestBody)).not.toMatch(/p\{/i);
    const other = paths['/echo/models/{path}'].post;
    expect(other.operationId).not.toBe(operation.operationId);
  });

  it('describes one service at its meta route', async () => {
    await echo.app.close();
    echo = await startEcho([
      echoService(),
      echoService({ name: 'other', prefix: '/other', routes: () => {} }),
    ]);
    const meta = (await echo.app.fastify.inject('/other/service/meta')).json();
    expect(Object.keys(meta.paths)).toEqual([
      '/other/service/health',
      '/other/service/meta',
    ]);
  });
});
