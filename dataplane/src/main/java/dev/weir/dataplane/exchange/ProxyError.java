package dev.weir.dataplane.exchange;

import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.upstream.UpstreamFailure;

/** Why a request gets no reply of its backend; says whose fault that is. */
sealed interface ProxyError {
  /** The request is not acceptable. */
  record ClientFault(Refusal refusal) implements ProxyError {}

  /** The backend failed; retries are over. */
  record UpstreamFault(UpstreamFailure failure) implements ProxyError {}

  /** We failed. */
  record LocalFault(Throwable cause) implements ProxyError {}
}
