/*
 * What a runtime on AWS takes is the runtime's to say: the fake asks its very rules, so that
 * it takes nothing that a runtime refuses.
 */
/* eslint-disable @backstage/no-relative-monorepo-imports, @typescript-eslint/no-restricted-imports */
import { DomainError } from '@genai-environments/service-kit';
import { applicationSpecSchema } from '../../../../../services/runtime/src/applications/application';
import { toPortalApplications } from '../../../../../services/runtime/src/platform/aws/toPortalApplications';
/* eslint-enable @backstage/no-relative-monorepo-imports, @typescript-eslint/no-restricted-imports */

type Told = { name: string; enabled: boolean; revision: number };

/**
 * The API of the environments of a world. Takes what a runtime on AWS takes, by the
 * runtime's own rules. Test code.
 */
export class EnvironmentFake {
  /** What its tasks run. */
  release = { version: '1.2.3', source: 'bundled' };
  /** Nobody gets an answer. */
  isSilent = false;
  /** What it knows of its applications, by client id. */
  readonly told = new Map<string, Told>();
  private readonly applications = toPortalApplications({
    put: async ({ clientId, ...application }) => {
      this.told.set(clientId, application);
    },
    delete: async clientId => this.forget(clientId),
    list: () => [],
  });

  constructor(
    private readonly options: {
      /** Whether a user pool has the client. */
      hasClient: (clientId: string) => boolean;
    },
  ) {}

  readonly answer = (async (url: string, init: RequestInit) => {
    if (this.isSilent) throw new TypeError('fetch failed');
    try {
      return await this.route(url, init);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return Response.json({ detail: error.message }, { status: 400 });
    }
  }) as typeof fetch;

  private async route(
    url: string,
    { method, body }: RequestInit,
  ): Promise<Response> {
    const path = new URL(url).pathname.replace(/^\/env/, '');
    const clientId = path.replace('/control/applications/', '');
    if (method === 'PUT') {
      const spec = applicationSpecSchema.safeParse(JSON.parse(String(body)));
      if (!spec.success) {
        return Response.json({ detail: spec.error.message }, { status: 422 });
      }
      await this.applications.put({ ...spec.data, clientId });
      return Response.json({ clientId, revision: spec.data.revision });
    }
    if (method === 'DELETE') {
      await this.applications.delete(clientId);
      return new Response(null, { status: 204 });
    }
    if (path === '/control/status') {
      const applications = [...this.told.keys()].map(id => ({ clientId: id }));
      return Response.json({ ...this.release, applications });
    }
    return Response.json(
      path === '/openapi.json'
        ? { openapi: '3.1.0', paths: { '/v1/models': {} } }
        : { items: [] },
    );
  }

  /** The next call with a token of a client that the pool still has notes it again. */
  private forget(clientId: string): void {
    this.told.delete(clientId);
    if (!this.options.hasClient(clientId)) return;
    this.told.set(clientId, { name: 'adopted', enabled: true, revision: 0 });
  }
}
