/* The SDK is evaluated when this module is: at the first request, through `loadSdk`. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import * as types from '@modelcontextprotocol/sdk/types.js';

export const sdk = {
  Server,
  Transport: WebStandardStreamableHTTPServerTransport,
  types,
};

export type Sdk = typeof sdk;
