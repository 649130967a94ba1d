# One node. Build: docker build -t lotkeeper .   Run: docker run -p 8080:8080 -v lotkeeper:/data lotkeeper
# To pin the base image by digest: --build-arg NODE_IMAGE=node@sha256:… (docker buildx imagetools inspect node:24-bookworm-slim shows it).
ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.base.json tsconfig.build.json ./
COPY deploy/build.mjs deploy/build.mjs
COPY cmd cmd
COPY src src
COPY frontend frontend
RUN node deploy/build.mjs && npm prune --omit=dev --ignore-scripts

FROM ${NODE_IMAGE}
ENV NODE_ENV=production LOTKEEPER_HOST=0.0.0.0 LOTKEEPER_PORT=8080 LOTKEEPER_STORE=embedded:/data
WORKDIR /app
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY deploy/health.mjs ./
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "health.mjs"]
ENTRYPOINT ["node", "dist/cmd/lotkeeper.js"]
CMD ["serve"]
