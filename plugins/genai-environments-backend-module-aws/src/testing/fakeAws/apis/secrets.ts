import { AwsError } from '../AwsError';
import type { Region } from '../Region';
import type { VirtualClock } from '../VirtualClock';
import type { Operation } from '../cloudformation/api';

type Version = { id: string; stages: string[]; value: string };

export type Secret = {
  arn: string;
  name: string;
  tags: Record<string, string>;
  createdAt: number;
  versions: Version[];
  /** A resource of a stack, and gone with it. */
  ofStack?: boolean;
  /** Deleted with a recovery window. */
  deletedAt?: number;
};

/** The operations of Secrets Manager that the provisioner calls. Test code. */
export function secretsManager(clock: VirtualClock): Record<string, Operation> {
  return {
    CreateSecret(region, input) {
      const taken = find(region, input.Name);
      if (taken) {
        const same = taken.versions.find(
          ({ id }) => id === input.ClientRequestToken,
        );
        if (same?.value === input.SecretString) return answer(taken, same!);
        throw new AwsError(
          'ResourceExistsException',
          `The operation failed because the secret ${input.Name} already exists.`,
        );
      }
      const version = {
        id: input.ClientRequestToken,
        stages: ['AWSCURRENT'],
        value: input.SecretString,
      };
      const arn = `arn:aws:secretsmanager:${region.name}:${region.accountId}:secret:${input.Name}-fake00`;
      const secret: Secret = {
        ...{ arn, name: input.Name },
        tags: Object.fromEntries(
          (input.Tags ?? []).map((tag: any) => [tag.Key, tag.Value]),
        ),
        createdAt: clock.now(),
        versions: [version],
      };
      region.secrets.set(arn, secret);
      return answer(secret, version);
    },
    GetSecretValue(
      region,
      { SecretId, VersionId, VersionStage = 'AWSCURRENT' },
    ) {
      const secret = require(region, SecretId);
      const version = secret.versions.find(({ id, stages }) =>
        VersionId ? id === VersionId : stages.includes(VersionStage),
      );
      if (!version) throw notFound(SecretId);
      return {
        ...answer(secret, version),
        SecretString: version.value,
        VersionStages: version.stages,
        CreatedDate: new Date(secret.createdAt),
      };
    },
    PutSecretValue(region, input) {
      const secret = require(region, input.SecretId);
      const same = secret.versions.find(
        ({ id }) => id === input.ClientRequestToken,
      );
      if (same) {
        if (same.value === input.SecretString) return answer(secret, same);
        throw new AwsError(
          'ResourceExistsException',
          'A resource with the ID you requested already exists.',
        );
      }
      for (const version of secret.versions) {
        const isCurrent = version.stages.includes('AWSCURRENT');
        version.stages = isCurrent ? ['AWSPREVIOUS'] : [];
      }
      // A version without a stage is soon gone.
      secret.versions = secret.versions.filter(
        ({ stages }) => stages.length > 0,
      );
      const version = {
        id: input.ClientRequestToken,
        stages: ['AWSCURRENT'],
        value: input.SecretString,
      };
      secret.versions.push(version);
      return answer(secret, version);
    },
    DeleteSecret(region, { SecretId, ForceDeleteWithoutRecovery }) {
      const secret = find(region, SecretId);
      if (secret && ForceDeleteWithoutRecovery)
        region.secrets.delete(secret.arn);
      else if (secret) secret.deletedAt = clock.now();
      else if (!ForceDeleteWithoutRecovery) throw notFound(SecretId);
      return { ARN: secret?.arn, Name: secret?.name };
    },
    ListSecrets(region, { Filters = [] }) {
      const found = [...region.secrets.values()].filter(secret =>
        Filters.every(({ Key, Values }: { Key: string; Values: string[] }) =>
          Key === 'name'
            ? Values.some(prefix => secret.name.startsWith(prefix))
            : Values.includes(Object.values(secret.tags)[0]),
        ),
      );
      return {
        SecretList: found.map(({ arn, name, createdAt }) => ({
          ARN: arn,
          Name: name,
          CreatedDate: new Date(createdAt),
        })),
      };
    },
  };
}

function answer(secret: Secret, version: Version) {
  return { ARN: secret.arn, Name: secret.name, VersionId: version.id };
}

function find(region: Region, nameOrArn: string): Secret | undefined {
  return (
    region.secrets.get(nameOrArn) ??
    [...region.secrets.values()].find(({ name }) => name === nameOrArn)
  );
}

function require(region: Region, id: string): Secret {
  const secret = find(region, id);
  if (!secret) throw notFound(id);
  if (secret.deletedAt !== undefined) {
    throw new AwsError(
      'InvalidRequestException',
      'The secret was marked for deletion.',
    );
  }
  return secret;
}

function notFound(id: string) {
  return new AwsError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret ${id}.`,
  );
}
