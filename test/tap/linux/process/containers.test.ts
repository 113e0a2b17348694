// Containers by cgroup path and state files, in made-up roots laid out as the runtimes do.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Container } from '../../../../src/packet/index.js';
import { accountById } from '../../../../src/system/index.js';
import { Containers } from '../../../../src/tap/linux/process/containers.js';

const ID = '4f66ad9a0b2e1f7a4cd3b7a7de6e5c2f9d1a3b5c7e9f0a2b4c6d8e0f1a3b5c7d';
const OTHER = ID.replace('4f', '00');
const POD_ID = '0a1b2c3d-1234-5678-9abc-def012345678';
const KUBEPODS = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${POD_ID.replaceAll('-', '_')}.slice`;

/** A root with these files: path → text, or what becomes JSON. */
function makeRoot(t: TestContext, files: { readonly [path: string]: unknown }): string {
  const root = mkdtempSync(join(tmpdir(), 'pktap-root-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return root;
}

/** A container that has its name within ten seconds: the thread begins on a busy machine. */
async function soon(ask: () => Container | null): Promise<Container | null> {
  for (let i = 0; i < 1000; i++) {
    const container = ask();
    if (container?.name !== null) return container;
    await new Promise((done) => setTimeout(done, 10));
  }
  return ask();
}

const none = { name: null, pod: null, namespace: null };

test('ID and runtime by the path alone', (t) => {
  const containers = new Containers(makeRoot(t, {}));
  const of = (path: string) => {
    const found = containers.of([path]);
    return found === null ? null : `${found.runtime} ${found.id}`;
  };
  assert.equal(of(`/docker/${ID}`), `docker ${ID}`);
  assert.equal(of(`/system.slice/docker-${ID}.scope`), `docker ${ID}`);
  assert.equal(of(`/system.slice/docker-${ID}.scope/init.scope`), `docker ${ID}`, 'systemd inside');
  assert.equal(of(`/machine.slice/libpod-${ID}.scope/container`), `podman ${ID}`);
  assert.equal(of(`/libpod_parent/libpod-${ID}`), `podman ${ID}`);
  assert.equal(of(`${KUBEPODS}/cri-containerd-${ID}.scope`), `containerd ${ID}`);
  assert.equal(of(`${KUBEPODS}/crio-${ID}.scope`), `cri-o ${ID}`);
  assert.equal(of(`/kubepods/besteffort/pod${POD_ID}/${ID}`), `container ${ID}`);
  assert.equal(
    of(`/docker/${OTHER}/kubelet.slice${KUBEPODS}/cri-containerd-${ID}.scope`),
    `containerd ${ID}`,
  );
  assert.equal(of('/lxc.payload.web/system.slice/nginx.service'), 'lxc web');
  assert.equal(of('/lxc/web'), 'lxc web');
  assert.equal(of('/machine.slice/machine-my\\x2dbox.scope/payload'), 'machine my-box');
  // No containers: services, users, what only watches one, IDs that are none.
  assert.equal(of('/'), null);
  assert.equal(of('/system.slice/ssh.service'), null);
  assert.equal(of('/user.slice/user-1000.slice/session-3.scope'), null);
  assert.equal(of(`/machine.slice/libpod-conmon-${ID}.scope`), null);
  assert.equal(of(`/system.slice/crio-conmon-${ID}.scope`), null);
  assert.equal(of(`/docker/${ID.slice(1)}`), null);
  assert.equal(of('/docker/buildx'), null);
});

test('any of the hierarchies may tell', (t) => {
  const containers = new Containers(makeRoot(t, {}));
  assert.equal(containers.of(['/', '/user.slice', `/docker/${ID}`])?.id, ID);
  assert.equal(containers.of([]), null);
});

test('Docker: name, pod and another data folder', (t) => {
  const config = (folder: string, fields: unknown) => ({
    [`${folder}/containers/${ID}/config.v2.json`]: fields,
  });
  const plain = makeRoot(t, config('/var/lib/docker', { Name: '/web', Config: { Labels: {} } }));
  const path = [`/system.slice/docker-${ID}.scope`];
  assert.deepEqual(new Containers(plain).of(path), { ...none, id: ID, runtime: 'docker', name: 'web' });
  const moved = makeRoot(t, {
    '/etc/docker/daemon.json': { 'data-root': '/srv/docker' },
    ...config('/srv/docker', {
      Name: '/k8s_app_web-1_shop_uid_0',
      Config: {
        Labels: {
          'io.kubernetes.container.name': 'app',
          'io.kubernetes.pod.name': 'web-1',
          'io.kubernetes.pod.namespace': 'shop',
        },
      },
    }),
  });
  const pod = { id: ID, runtime: 'docker', name: 'app', pod: 'web-1', namespace: 'shop' };
  assert.deepEqual(new Containers(moved).of(path), pod);
  assert.deepEqual(new Containers(moved).of([`/kubepods/besteffort/pod${POD_ID}/${ID}`]), pod);
});

test('containerd: pods, nerdctl’s names, containers with names for IDs', (t) => {
  const state = '/run/containerd/io.containerd.runtime.v2.task';
  const root = makeRoot(t, {
    [`${state}/k8s.io/${ID}/config.json`]: {
      annotations: {
        'io.kubernetes.cri.container-name': 'app',
        'io.kubernetes.cri.sandbox-name': 'web-1',
        'io.kubernetes.cri.sandbox-namespace': 'shop',
      },
    },
    [`${state}/default/${OTHER}/config.json`]: { annotations: { 'nerdctl/name': 'cache' } },
    [`${state}/own/redis/config.json`]: {},
  });
  const containers = new Containers(root);
  const pod = { id: ID, runtime: 'containerd', name: 'app', pod: 'web-1', namespace: 'shop' };
  assert.deepEqual(containers.of([`${KUBEPODS}/cri-containerd-${ID}.scope`]), pod);
  assert.deepEqual(containers.of([`/kubepods/burstable/pod${POD_ID}/${ID}`]), pod);
  const cache = { ...none, id: OTHER, runtime: 'containerd', name: 'cache' };
  assert.deepEqual(containers.of([`/default/${OTHER}`]), cache);
  assert.deepEqual(containers.of(['/own/redis']), { ...none, id: 'redis', runtime: 'containerd' });
  assert.equal(containers.of(['/own/other']), null);
  assert.equal(containers.of(['/../redis']), null);
});

test('CRI-O and Podman', async (t) => {
  const storage = '/var/lib/containers/storage/overlay-containers';
  const root = makeRoot(t, {
    [`/run/containers/storage/overlay-containers/${ID}/userdata/config.json`]: {
      annotations: {
        'io.kubernetes.container.name': 'app',
        'io.kubernetes.pod.name': 'web-1',
        'io.kubernetes.pod.namespace': 'shop',
      },
    },
    [`${storage}/containers.json`]: [{ id: ID }, { id: OTHER, names: ['db', 'alias'] }],
    [`/root/.local/share/containers/storage/overlay-containers/containers.json`]: [
      { id: OTHER, names: ['mine'] },
    ],
  });
  const containers = new Containers(root);
  t.after(() => containers.close());
  const pod = { id: ID, runtime: 'cri-o', name: 'app', pod: 'web-1', namespace: 'shop' };
  assert.deepEqual(containers.of([`${KUBEPODS}/crio-${ID}.scope`]), pod);
  const database = { ...none, id: OTHER, runtime: 'podman', name: 'db' };
  assert.deepEqual(containers.of([`/machine.slice/libpod-${OTHER}.scope`]), database);
  const own = `/user.slice/user-0.slice/user@0.service/user.slice/libpod-${OTHER}.scope`;
  assert.deepEqual(await soon(() => containers.of([own])), { ...database, name: 'mine' });
});

test('Kubernetes without the runtime’s files: by the logs', (t) => {
  const path = [`${KUBEPODS}/cri-containerd-${ID}.scope`];
  const folders = makeRoot(t, { [`/var/log/pods/shop_web-1_${POD_ID}/app/0.log`]: '' });
  const found = { id: ID, runtime: 'containerd', name: null, pod: 'web-1', namespace: 'shop' };
  assert.deepEqual(new Containers(folders).of(path), found);
  const links = makeRoot(t, { [`/var/log/containers/web-1_shop_app-${ID}.log`]: '' });
  assert.deepEqual(new Containers(links).of(path), { ...found, name: 'app' });
});

test('broken and hostile state files say nothing', (t) => {
  const file = `/var/lib/docker/containers/${ID}/config.v2.json`;
  for (const content of ['', '{"Name"', '[]', '7', 'null', '{"Name":{},"Config":[1]}', '\0'.repeat(100)]) {
    const containers = new Containers(makeRoot(t, { [file]: content }));
    assert.deepEqual(containers.of([`/docker/${ID}`]), { ...none, id: ID, runtime: 'docker' }, content);
  }
  const long = new Containers(makeRoot(t, { [file]: { Name: 'x'.repeat(100_000) } }));
  assert.equal(long.of([`/docker/${ID}`])!.name!.length, 512);
  const folder = makeRoot(t, {});
  mkdirSync(join(folder, file), { recursive: true });
  assert.equal(new Containers(folder).of([`/docker/${ID}`])!.name, null);
});

test('a name that is written later is found later', (t) => {
  const root = makeRoot(t, {});
  const containers = new Containers(root, 0);
  const patient = new Containers(root, 3_600_000);
  for (const each of [containers, patient]) assert.equal(each.of([`/docker/${ID}`])!.name, null);
  const folder = join(root, `/var/lib/docker/containers/${ID}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.v2.json'), '{"Name":"/late"}');
  assert.equal(containers.of([`/docker/${ID}`])!.name, 'late');
  assert.equal(patient.of([`/docker/${ID}`])!.name, null, 'not at every packet');
});

test('what users write is read on another thread, which a packet waits for, but not long', async (t) => {
  const { username, uid } = userInfo();
  const home = accountById(uid)!.home;
  const path = `/user.slice/user-${uid}.slice/user@${uid}.service/docker-${ID}.scope`;
  const other = path.replace(ID, OTHER);
  const file = (id: string): string => `${home}/.local/share/docker/containers/${id}/config.v2.json`;
  const named = { ...none, id: ID, runtime: 'docker', name: 'mine' };

  const quick = new Containers(makeRoot(t, { [file(ID)]: { Name: '/mine' } }), 1000);
  t.after(() => quick.close());
  assert.deepEqual(await soon(() => quick.of([path])), named, username);

  // Half a MiB of what takes V8 longest: as much as is read of a file.
  const heavy = `{"a":[${'{},'.repeat(170_000)}{}]}`;
  const slow = new Containers(makeRoot(t, { [file(ID)]: heavy, [file(OTHER)]: { Name: '/mine' } }), 1000);
  t.after(() => slow.close());
  const begin = performance.now();
  assert.equal(slow.of([path])!.name, null);
  const first = performance.now() - begin;
  assert.ok(first < 1000, `${first} ms`);
  for (let i = 0; i < 1000; i++)
    assert.equal(slow.of([other])!.name, null, 'while the user’s time is used up');

  // Who has no time does not wait, and is told later.
  const busy = new Containers(makeRoot(t, { [file(ID)]: { Name: '/mine' } }), 3_600_000, () => false);
  t.after(() => busy.close());
  assert.equal(busy.of([path])!.name, null);
  assert.deepEqual(await soon(() => busy.of([path])), named);

  const closed = new Containers(makeRoot(t, { [file(ID)]: { Name: '/mine' } }), 1000);
  closed.close();
  assert.equal(closed.of([path])!.name, null);
});
