import type { HttpAuthService } from '@backstage/backend-plugin-api';
import express from 'express';
import Router from 'express-promise-router';
import type { EnvironmentService } from '../service/EnvironmentService';
import { addApplicationRoutes } from './applications';
import { addChoiceRoutes } from './choices';
import { createRouteContext } from './context';
import { addEnvironmentRoutes } from './environments';
import { addEventRoutes } from './events';
import { addInsightRoutes } from './insights';
import { addOperationRoutes } from './operations';

/** The REST API below `/api/genai-environments`. */
export function createRouter(options: {
  service: EnvironmentService;
  httpAuth: HttpAuthService;
}): express.Router {
  const context = createRouteContext(options);
  const v1 = Router();
  v1.use(express.json({ limit: '64kb' }));
  v1.use((_, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  addEnvironmentRoutes(v1, context);
  addOperationRoutes(v1, context);
  addEventRoutes(v1, context);
  addApplicationRoutes(v1, context);
  addInsightRoutes(v1, context);
  addChoiceRoutes(v1, context);

  const router = Router();
  router.use('/v1', v1);
  return router;
}
