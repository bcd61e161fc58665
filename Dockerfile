# The image of the API and the command line: `docker build -t skewless .`; docs/deployment.md.
ARG BASE=docker.io/library/node:22-bookworm-slim

FROM ${BASE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tools/build.mjs tools/compile.mjs tools/keep-own-runtime.mjs tools/
COPY apps apps
COPY libs libs
COPY config config
RUN npm run build
COPY deploy/prune.mjs deploy/prune.mjs
RUN node deploy/prune.mjs

FROM ${BASE}
ARG VERSION=0.0.0
ARG REVISION=unknown
# image.source is a placeholder for the URL of your repository, like ghcr.io/skewless in deploy/helm.
LABEL org.opencontainers.image.title="Skewless" \
      org.opencontainers.image.description="Serves tabular models with the very feature pipeline they were trained with" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="https://github.com/skewless/skewless" \
      org.opencontainers.image.licenses="MIT"
# Nothing is installed at run time, and software that is not there needs no patches.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn*
# Otherwise ONNX Runtime would send telemetry to its vendor.
ENV NODE_ENV=production \
    ORT_DISABLE_TELEMETRY=1
WORKDIR /app
# Owned by root, so that the server cannot change its own files.
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/package.json package.json
COPY LICENSE openapi.json dvc.yaml ./
COPY config/config.yaml config/features.yaml config/
COPY models models
COPY --from=build /app/dist dist
# `docker run --entrypoint skewless IMAGE models list`
RUN chmod 0755 dist/cli/main.js && ln -s /app/dist/cli/main.js /usr/local/bin/skewless
USER 10001:10001
EXPOSE 8000 8001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 8000}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/api/main.js"]
