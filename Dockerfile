# One node. Build: docker build -t lotkeeper .   Run: docker run -p 8080:8080 -v lotkeeper:/data lotkeeper
FROM node:20-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.base.json tsconfig.build.json ./
COPY deploy/build.mjs deploy/build.mjs
COPY cmd cmd
COPY src src
COPY frontend frontend
RUN node deploy/build.mjs && npm prune --omit=dev --ignore-scripts

FROM node:20-bookworm-slim
ENV NODE_ENV=production LOTKEEPER_HOST=0.0.0.0 LOTKEEPER_PORT=8080 LOTKEEPER_STORE=embedded:/data
WORKDIR /app
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.LOTKEEPER_PORT + '/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/cmd/lotkeeper.js"]
CMD ["serve"]
