/**
 * Who may import whom (docs/guides/how-it-works.md#rooms), as ESLint overrides for one
 * package. Patterns are those of .gitignore, anchored at the start of what is imported.
 *
 * `@typescript-eslint/no-restricted-imports` and not ESLint's own rule of that name:
 * Backstage's presets configure the latter, and of two configurations only one holds.
 */
const { builtinModules } = require('node:module');

const RULE = '@typescript-eslint/no-restricted-imports';
const TESTS = [
  '**/*.test.*',
  '**/testUtils/**',
  '**/testing/**',
  '**/setupTests.*',
];

const forbid = (group, message) => ({ group, message });

const aws = forbid(
  ['/@aws-sdk/**', '/@smithy/**', '/@aws-crypto/**', '/aws-sdk'],
  'AWS SDKs belong in plugins/*-module-aws and services/*/src/adapters/aws only.',
);
const node = forbid(
  ['/node:*', ...builtinModules.map(name => `/${name}`)],
  'This package also runs in browsers: it imports nothing of Node.',
);
const backstageAndPlugins = forbid(
  [
    '/@backstage/**',
    '/@genai-environments/backstage-plugin-*',
    '**/plugins/**',
    '**/packages/**',
  ],
  'Services run without Backstage: they import neither it nor the plugins.',
);
const webAndSdks = forbid(
  [
    '/fastify',
    '/fastify-*',
    '/@fastify/**',
    '/undici',
    '/oidc-provider',
    '/openai',
    '/node:http',
    '/node:https',
    '/node:sqlite',
  ],
  'Domain code knows neither the web framework nor any SDK: put a port in between.',
);
const outerRings = forbid(
  ['**/adapters/**', '**/adapters', '**/routes/**', '**/routes'],
  'Domain code and ports do not know their adapters and routes.',
);
const provisionerModules = forbid(
  ['/@genai-environments/backstage-plugin-genai-environments-backend-module-*'],
  'The backend knows the Provisioner port only; modules add themselves to it.',
);
const services = forbid(
  [
    '/@genai-environments/*',
    '!/@genai-environments/backstage-plugin-*',
    '**/services/**',
  ],
  'Plugins reach services over HTTP; only a provisioner module starts them.',
);
/** Of the provisioner of AWS, which has the templates that services run by. */
const servicesButBlueprints = forbid(
  [...services.group, '!/@genai-environments/aws-blueprints'],
  services.message,
);
const cdk = forbid(
  ['/aws-cdk-lib', '/aws-cdk-lib/**', '/constructs', '/cdk-nag', '**/cdk/**'],
  'What is published reads the templates that the CDK wrote before.',
);
const serverPackages = forbid(
  [
    '/@genai-environments/backstage-plugin-*-backend',
    '/@genai-environments/backstage-plugin-*-backend-module-*',
    '/@genai-environments/backstage-plugin-*-node',
  ],
  'Frontend code reaches the backend through its ApiRef only.',
);
const frontendPackages = forbid(
  ['/@genai-environments/backstage-plugin-genai-environments'],
  'Backend code imports no frontend.',
);
const workLibraries = forbid(
  ['/express', '/express-promise-router', '/fastify', '/knex', '/undici'],
  'Portal packages contain wiring only: the work belongs in a plugin.',
);
const portal = forbid(
  ['/app', '/backend', '**/packages/**'],
  'Nothing depends on the portal.',
);

/** Names that only Node has, for packages that also run in browsers. */
const NODE_GLOBALS = ['process', 'Buffer', '__dirname', '__filename', 'global'];

/**
 * Areas of each room, from the general to the particular: where several match a file,
 * the last one holds, so each names everything that is forbidden in it.
 */
const ROOMS = [
  {
    room: /^plugins\/[^/]+-common$/,
    areas: [
      { files: ['src/**'], forbidden: [aws, services, portal] },
      {
        files: ['src/**'],
        excludedFiles: TESTS,
        forbidden: [aws, services, portal, node],
        globals: NODE_GLOBALS,
      },
    ],
  },
  {
    room: /^plugins\/genai-environments$/,
    areas: [
      { files: ['src/**'], forbidden: [aws, services, portal, serverPackages] },
    ],
  },
  {
    room: /^plugins\/.+-module-aws$/,
    areas: [{ files: ['src/**'], forbidden: [servicesButBlueprints, portal] }],
  },
  {
    room: /^plugins\/.+-module-local$/,
    areas: [{ files: ['src/**'], forbidden: [aws, portal, frontendPackages] }],
  },
  {
    room: /^plugins\/genai-environments-backend$/,
    areas: [
      {
        files: ['src/**'],
        forbidden: [
          aws,
          services,
          portal,
          frontendPackages,
          provisionerModules,
        ],
      },
    ],
  },
  {
    room: /^plugins\//,
    areas: [
      {
        files: ['src/**'],
        forbidden: [aws, services, portal, frontendPackages],
      },
    ],
  },
  {
    room: /^services\//,
    areas: [
      { files: ['src/**'], forbidden: [backstageAndPlugins, aws] },
      {
        files: ['src/ports/**'],
        excludedFiles: TESTS,
        forbidden: [backstageAndPlugins, aws, outerRings],
      },
      {
        files: ['src/domain/**'],
        excludedFiles: TESTS,
        forbidden: [backstageAndPlugins, aws, outerRings, webAndSdks],
      },
      { files: ['src/adapters/aws/**'], forbidden: [backstageAndPlugins] },
    ],
  },
  {
    room: /^infra$/,
    areas: [
      { files: ['src/**'], forbidden: [backstageAndPlugins, aws] },
      {
        files: ['src/**'],
        excludedFiles: ['src/cdk/**', ...TESTS],
        forbidden: [backstageAndPlugins, aws, cdk],
      },
    ],
  },
  {
    room: /^packages\/app$/,
    areas: [
      {
        files: ['src/**'],
        excludedFiles: TESTS,
        forbidden: [aws, services, serverPackages, workLibraries],
      },
    ],
  },
  {
    room: /^packages\/backend$/,
    areas: [
      {
        files: ['src/**'],
        excludedFiles: TESTS,
        forbidden: [aws, services, frontendPackages, workLibraries],
      },
    ],
  },
];

/** ESLint overrides for the package in `directory`, relative to the repository: `plugins/x`. */
function importRulesFor(directory) {
  const found = ROOMS.find(({ room }) => room.test(directory));
  if (!found) {
    throw new Error(
      `No import rules for ${directory}. Add its room to .eslint/importRules.js.`,
    );
  }
  return found.areas.map(({ files, excludedFiles, forbidden, globals }) => ({
    files,
    ...(excludedFiles ? { excludedFiles } : {}),
    rules: {
      [RULE]: ['error', { patterns: forbidden }],
      ...(globals
        ? {
            'no-restricted-globals': [
              'error',
              ...globals.map(name => ({ name, message: node.message })),
            ],
          }
        : {}),
    },
  }));
}

module.exports = { importRulesFor };
