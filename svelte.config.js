import adapter from '@sveltejs/adapter-static'

// scripts/build.ts names the version after the sources, so that building the same sources twice
// does not make every tablet fetch the app again. Without a name the framework takes the time.
const version = process.env.BUILD_VERSION

/** @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    files: { src: 'web', lib: 'web/lib', assets: 'web/static' },
    adapter: adapter({ pages: 'build', fallback: 'index.html', precompress: true }),
    // The server tells a tablet of a new version; a poll of its own would only cost battery.
    version: { pollInterval: 0, ...(version ? { name: version } : {}) },
    csp: {
      // The page is a static file, where a nonce would be a constant: its start script is hashed.
      mode: 'hash',
      directives: {
        'default-src': ['self'],
        'script-src': ['self'],
        'style-src': ['self', 'unsafe-inline'],
        'img-src': ['self', 'data:', 'blob:'],
        'font-src': ['self'],
        'connect-src': ['self'],
        'worker-src': ['self'],
        'manifest-src': ['self'],
        'object-src': ['none'],
        'base-uri': ['none'],
        'form-action': ['self'],
      },
    },
  },
}
