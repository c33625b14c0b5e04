import { AllowedMethods } from './AllowedMethods';

describe('AllowedMethods', () => {
  const allowed = new AllowedMethods();
  allowed.add({ method: 'GET', url: '/jobs/:id' });
  allowed.add({ method: 'DELETE', url: '/jobs/:id' });
  allowed.add({ method: 'POST', url: '/jobs/start' });
  allowed.add({ method: ['PUT', 'GET'], url: '/objects/*' });
  allowed.add({ method: 'GET', url: '/openapi.json' });

  it.each([
    ['/jobs/1', ['DELETE', 'GET']],
    ['/jobs/start', ['DELETE', 'GET', 'POST']],
    ['/objects/a/b', ['GET', 'PUT']],
    ['/openapi.json', ['GET']],
    ['/openapi-json', []],
    ['/jobs/1/files', []],
    ['/jobs', []],
    ['/nowhere', []],
  ])('knows of %s', (path, methods) => {
    expect(allowed.of(path)).toEqual(methods);
  });
});
