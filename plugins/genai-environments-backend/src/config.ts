import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { PublishTarget } from '@genai-environments/backstage-plugin-genai-environments-common';
import { Duration } from 'luxon';

/** What the platform allows. Lifetimes are ISO 8601 durations. */
export type LimitsConfig = {
  maxEnvironmentsPerOwner: number;
  maxEnvironments: number;
  maxApplicationsPerEnvironment: number;
  defaultLifetime: string;
  maxLifetime: string;
  publishTargets: PublishTarget[];
};

/** How the reconciler works. */
export type ReconcilerConfig = {
  concurrency: number;
  pollIntervalMs: number;
  leaseTtlMs: number;
  stepTimeoutMs: number;
  initialBackoffMs: number;
  maxBackoffMs: number;
  expiryCheckIntervalMs: number;
};

/** The plugin's configuration with all defaults. */
export type PluginConfig = {
  defaultProvisioner?: string;
  limits: LimitsConfig;
  reconciler: ReconcilerConfig;
  retentionMs: number;
};

/**
 * Reads `genaiEnvironments`.
 *
 * @throws InputError that names the key when a value makes no sense.
 */
export function readPluginConfig(root: Config): PluginConfig {
  const config = root.getOptionalConfig('genaiEnvironments');
  const count = (key: string, fallback: number) =>
    readCount(config, key, fallback);
  const milliseconds = (key: string, fallback: string) =>
    readDuration(config, key, fallback).toMillis();

  const limits: LimitsConfig = {
    maxEnvironmentsPerOwner: count('limits.maxEnvironmentsPerOwner', 5),
    maxEnvironments: count('limits.maxEnvironments', 100),
    maxApplicationsPerEnvironment: count(
      'limits.maxApplicationsPerEnvironment',
      20,
    ),
    defaultLifetime: readLifetime(config, 'limits.defaultLifetime', 'P7D'),
    maxLifetime: readLifetime(config, 'limits.maxLifetime', 'P30D'),
    publishTargets: readPublishTargets(root),
  };
  if (lifetimeMs(limits.defaultLifetime) > lifetimeMs(limits.maxLifetime)) {
    throw new InputError(
      `Configuration genaiEnvironments.limits.defaultLifetime (${limits.defaultLifetime}) must not exceed maxLifetime (${limits.maxLifetime}).`,
    );
  }
  return {
    defaultProvisioner: config?.getOptionalString('defaultProvisioner'),
    limits,
    reconciler: {
      concurrency: count('reconciler.concurrency', 8),
      pollIntervalMs: milliseconds('reconciler.pollInterval', 'PT1S'),
      leaseTtlMs: milliseconds('reconciler.leaseTtl', 'PT4S'),
      stepTimeoutMs: milliseconds('reconciler.stepTimeout', 'PT2M'),
      initialBackoffMs: milliseconds('reconciler.initialBackoff', 'PT1S'),
      maxBackoffMs: milliseconds('reconciler.maxBackoff', 'PT60S'),
      expiryCheckIntervalMs: milliseconds(
        'reconciler.expiryCheckInterval',
        'PT30S',
      ),
    },
    retentionMs: milliseconds('retention.deletedEnvironments', 'P30D'),
  };
}

/** GitHub is offered when Backstage's integration can do more than read public pages. */
function readPublishTargets(root: Config): PublishTarget[] {
  const hosts = root.getOptionalConfigArray('integrations.github') ?? [];
  const canWrite = hosts.some(host => host.has('token') || host.has('apps'));
  return canWrite ? ['local', 'github'] : ['local'];
}

/** Milliseconds of an ISO 8601 duration. */
export function lifetimeMs(lifetime: string): number {
  return Duration.fromISO(lifetime).toMillis();
}

function readCount(
  config: Config | undefined,
  key: string,
  fallback: number,
): number {
  const value = config?.getOptionalNumber(key) ?? fallback;
  if (!Number.isInteger(value) || value < 1) {
    throw new InputError(
      `Configuration genaiEnvironments.${key} must be a whole number of at least 1, received ${value}.`,
    );
  }
  return value;
}

function readDuration(
  config: Config | undefined,
  key: string,
  fallback: string,
): Duration {
  const duration = config?.has(key)
    ? Duration.fromObject(readDurationFromConfig(config, { key }))
    : Duration.fromISO(fallback);
  if (duration.toMillis() <= 0) {
    throw new InputError(
      `Configuration genaiEnvironments.${key} must be a positive duration such as ${fallback}.`,
    );
  }
  return duration;
}

/** Days and hours only, which is what requests can ask for. */
function readLifetime(
  config: Config | undefined,
  key: string,
  fallback: string,
): string {
  const hours = readDuration(config, key, fallback).as('hours');
  if (!Number.isInteger(hours)) {
    throw new InputError(
      `Configuration genaiEnvironments.${key} must be in whole hours, such as PT8H or ${fallback}.`,
    );
  }
  const days = Math.floor(hours / 24);
  const rest = hours % 24;
  return `P${days ? `${days}D` : ''}${rest ? `T${rest}H` : ''}`;
}
