import { AwsError } from '../AwsError';
import type { Region } from '../Region';
import type { Incoming, RestAnswer } from '../http/serve';

/** Which operation a REST request asks for, so that calls can be told apart. */
export function nameRestOperation(incoming: Incoming): string {
  const { service, method, path, query } = incoming;
  if (service === 's3') {
    if (query.has('versions')) return 'ListObjectVersions';
    if (query.has('delete')) return 'DeleteObjects';
    const isObject = path.split('/').length > 2 && path.split('/')[2] !== '';
    return {
      HEAD: isObject ? 'HeadObject' : 'HeadBucket',
      GET: isObject ? 'GetObject' : 'ListObjects',
      PUT: isObject ? 'PutObject' : 'CreateBucket',
      DELETE: isObject ? 'DeleteObject' : 'DeleteBucket',
    }[method] as string;
  }
  if (service === 's3vectors') return path.slice(1);
  if (path.startsWith('/inference-profiles/')) return 'GetInferenceProfile';
  return path === '/foundation-models'
    ? 'ListFoundationModels'
    : 'ListInferenceProfiles';
}

/** The REST operations that the provisioner calls. Test code. */
export function answerRest(
  region: Region,
  operation: string,
  incoming: Incoming,
): RestAnswer {
  if (incoming.service === 's3') return s3(region, operation, incoming);
  const input = incoming.body ? JSON.parse(incoming.body) : {};
  const answer =
    incoming.service === 's3vectors'
      ? s3vectors(region, operation, input)
      : bedrock(region, operation, incoming);
  return {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(answer),
  };
}

function s3(region: Region, operation: string, incoming: Incoming): RestAnswer {
  const [, bucket, ...rest] = incoming.path.split('/');
  const key = rest.join('/');
  const objects = region.buckets.get(bucket);
  if (!objects)
    throw new AwsError('NoSuchBucket', 'The bucket does not exist', 404);
  switch (operation) {
    case 'HeadBucket':
      return {};
    case 'HeadObject':
    case 'GetObject': {
      const body = objects.get(key);
      if (body === undefined)
        throw new AwsError('NoSuchKey', 'No such key', 404);
      const headers = { 'content-length': String(Buffer.byteLength(body)) };
      return { headers, body: operation === 'HeadObject' ? undefined : body };
    }
    case 'PutObject':
      objects.set(key, incoming.body);
      return {};
    case 'ListObjectVersions': {
      const keys = [...objects.keys()].slice(0, 1000);
      const versions = keys.map(
        name => `<Version><Key>${name}</Key><VersionId>1</VersionId></Version>`,
      );
      return {
        headers: { 'content-type': 'application/xml' },
        body: `<ListVersionsResult><IsTruncated>${
          objects.size > 1000
        }</IsTruncated>${versions.join('')}</ListVersionsResult>`,
      };
    }
    case 'DeleteObjects': {
      const errors: string[] = [];
      for (const [, name] of incoming.body.matchAll(/<Key>([^<]*)<\/Key>/g)) {
        if (region.lockedObjects.has(name)) {
          errors.push(
            `<Error><Key>${name}</Key><Code>AccessDenied</Code><Message>Access Denied because object protected by object lock.</Message></Error>`,
          );
        } else objects.delete(name);
      }
      return {
        headers: { 'content-type': 'application/xml' },
        body: `<DeleteResult>${errors.join('')}</DeleteResult>`,
      };
    }
    case 'DeleteBucket': {
      if (objects.size > 0) {
        throw new AwsError('BucketNotEmpty', 'The bucket is not empty', 409);
      }
      region.buckets.delete(bucket);
      region.resources.delete(`AWS::S3::Bucket ${bucket}`);
      return { status: 204 };
    }
    default:
      throw new AwsError('NotImplemented', operation, 501);
  }
}

function s3vectors(
  region: Region,
  operation: string,
  input: Record<string, any>,
): object {
  const indexes = region.vectorIndexes.get(input.vectorBucketName);
  if (!indexes) {
    throw new AwsError('NotFoundException', 'No such vector bucket', 404);
  }
  if (operation === 'DeleteIndex') {
    indexes.delete(input.indexName);
    return {};
  }
  return { indexes: [...indexes].map(indexName => ({ indexName })) };
}

function bedrock(
  region: Region,
  operation: string,
  { path }: Incoming,
): object {
  if (operation === 'ListFoundationModels') {
    return { modelSummaries: region.models };
  }
  if (operation === 'GetInferenceProfile') {
    const id = path.split('/').slice(2).join('/');
    const found = region.inferenceProfiles.find(profile =>
      [profile.inferenceProfileId, profile.inferenceProfileArn].includes(id),
    );
    if (!found) {
      throw new AwsError('ResourceNotFoundException', 'No such profile', 404);
    }
    return found;
  }
  return { inferenceProfileSummaries: region.inferenceProfiles };
}
