'use strict';
/**
 * Exits 0 when the runtime of this container answers. That a service is DOWN because of
 * something outside is no reason to restart it, so only the answer counts.
 */
const { request } = require('node:http');

const TIMEOUT_MS = 4000;

const probe = request(
  {
    host: '127.0.0.1',
    port: process.env.GENAI_PORT,
    path: '/control/status',
    headers: { authorization: `Bearer ${process.env.GENAI_CONTROL_KEY}` },
    timeout: TIMEOUT_MS,
  },
  response => process.exit(response.statusCode === 200 ? 0 : 1),
);
probe.on('timeout', () => process.exit(1));
probe.on('error', () => process.exit(1));
probe.end();
