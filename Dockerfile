# syntax=docker/dockerfile:1
# The image: a jlink runtime, the program, and an AOT cache trained with the demo. Nothing but the
# JVM runs in it; no shell is needed.
#   docker build -t weir:0.1.0 .
#   docker buildx build --platform linux/amd64,linux/arm64 -t weir:0.1.0 .

# --- the program, with the native libraries of the target architecture only ---
FROM maven:3-eclipse-temurin-25 AS build
# Set by the builder, and not by one that knows no platforms; with a default it would always be that.
ARG TARGETARCH
WORKDIR /src
COPY pom.xml ./
COPY .mvn .mvn
COPY build build
COPY tls tls
COPY dataplane dataplane
COPY annotations annotations
COPY controller controller
# Maven wants every module there; tests of the controller are compiled against the second.
COPY e2e/pom.xml e2e/pom.xml
COPY e2e/apiserver e2e/apiserver
RUN case "${TARGETARCH:=$(dpkg --print-architecture)}" in \
      amd64) arch=x86_64 ;; \
      arm64) arch=aarch_64 ;; \
      *) echo "no native libraries for $TARGETARCH" >&2; exit 1 ;; \
    esac \
    && mvn -B -Pquick -DskipTests -Dweir.arch="$arch" -pl controller -am package \
    && cp -r controller/target/weir /opt/weir

# --- a runtime of the modules that the program uses ---
FROM eclipse-temurin:25-jdk AS runtime
# What jdeps names for the jars of lib, and the providers that are looked up at run time only.
RUN jlink --output /opt/runtime \
      --add-modules java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml \
      --add-modules jdk.crypto.ec,jdk.httpserver,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs \
      --strip-debug --no-header-files --no-man-pages --generate-cds-archive

# --- training: the demo serves itself some requests, what was loaded and compiled goes into a cache ---
FROM debian:12-slim AS train
COPY --from=runtime /opt/runtime /opt/weir/runtime
COPY --from=build /opt/weir /opt/weir
COPY manifests/demo /opt/weir/manifests/demo
WORKDIR /opt/weir
# The class path in a fixed order: a cache is only used with the class path that it was made with.
RUN printf '%s\n' '-cp' "$(printf ':%s' /opt/weir/lib/*.jar | cut -c2-)" > classpath.args \
    && runtime/bin/java @jvm.options -XX:AOTCacheOutput=/opt/weir/weir.aot @classpath.args \
         -Dweir.home=/opt/weir dev.weir.controller.cli.Weir demo --rehearse

# --- the image ---
FROM debian:12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libcap2-bin \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd -g 82 weir \
    && useradd -u 101 -g 82 -d /opt/weir -s /usr/sbin/nologin weir
COPY --from=train /opt/weir /opt/weir
# Ports 80 and 443 as uid 101 with NET_BIND_SERVICE, also where the runtime doesn't open low ports
# to everybody. A program with file capabilities gets no $ORIGIN from the loader, so the JVM's
# libraries are made known to it.
RUN echo /opt/weir/runtime/lib > /etc/ld.so.conf.d/weir.conf \
    && ldconfig \
    && setcap cap_net_bind_service=+ep /opt/weir/runtime/bin/java \
    && apt-get purge -y --auto-remove libcap2-bin
# What charts and tools of ingress-nginx call or expect: its programs, the folder of the webhook's
# certificate, and a library to preload (the libc's own, which changes nothing: memory is bounded by
# the JVM's flags). There is no init: the JVM handles signals as process 1 and starts no children.
COPY --chmod=0755 build/image/launcher /opt/weir/launcher
RUN ln -s /opt/weir/launcher /nginx-ingress-controller \
    && ln -s /opt/weir/launcher /dbg \
    && ln -s /opt/weir/launcher /wait-shutdown \
    && mkdir -p /usr/local/certificates \
    && ln -s "$(ldconfig -p | sed -n 's/.*libm\.so\.6 .*=> //p' | head -n 1)" /usr/local/lib/libmimalloc.so
USER 101:82
EXPOSE 80 443 8443 10254
ENTRYPOINT ["/opt/weir/runtime/bin/java", "@/opt/weir/jvm.options", "-XX:AOTCache=/opt/weir/weir.aot", "@/opt/weir/classpath.args", "-Dweir.home=/opt/weir", "dev.weir.controller.cli.Weir"]
CMD ["run"]
