package dev.weir.controller.source;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Requests to the API server. May be used from any thread. */
final class ApiClient {
  private static final int LONGEST_ERROR = 16 * 1024;

  /** The names in it may be of 253 characters, and what is wrong stands behind them. */
  private static final int LONGEST_MESSAGE = 700;

  /** What stands before an API server may ask for hours: then one looks earlier all the same. */
  private static final long LONGEST_RETRY_AFTER_SECONDS = 60;

  private final ApiServerAccess access;
  private final ObjectMapper mapper;
  private final Duration answer;

  /**
   * @param answer how long the head of an answer may take
   */
  ApiClient(ApiServerAccess access, ObjectMapper mapper, Duration answer) {
    this.access = access;
    this.mapper = mapper;
    this.answer = answer;
  }

  /**
   * Sends the request and waits for the head of the answer.
   *
   * @param path with query
   * @return the body of a 200; the caller closes it
   * @throws ApiFailure for any other answer, or none
   * @throws InterruptedException if the source was closed
   */
  ApiBody get(String path) throws ApiFailure, InterruptedException {
    return answer(request(path));
  }

  /**
   * Sends a request with a body and waits for the head of the answer.
   *
   * @param type the body's media type
   * @return the body of a 200 or 201; the caller closes it
   * @throws ApiFailure for any other answer, or none
   * @throws InterruptedException if the thread is to end
   */
  ApiBody send(String method, String path, String type, String body)
      throws ApiFailure, InterruptedException {
    return answer(request(path).method(method, type, body));
  }

  private HttpRequest.Builder request(String path) throws ApiFailure {
    try {
      return access
          .client()
          .newHttpRequestBuilder()
          .uri(access.address() + path)
          .header("Accept", "application/json")
          .timeout(answer.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RuntimeException e) {
      throw ApiFailure.noAnswer(ApiFailure.reason(e)); // a client that was closed
    }
  }

  private ApiBody answer(HttpRequest.Builder request) throws ApiFailure, InterruptedException {
    var body = new ApiBody();
    var response = await(send(request, body), body);
    body.start(response.body());
    if (response.code() == 200 || response.code() == 201) {
      return body;
    }
    try (body) {
      throw failure(response, body);
    }
  }

  private CompletableFuture<HttpResponse<AsyncBody>> send(HttpRequest.Builder request, ApiBody body)
      throws ApiFailure {
    try {
      return access.client().consumeBytes(request.build(), body);
    } catch (RuntimeException e) {
      // A token file that can't be read, a client that was closed.
      throw ApiFailure.noAnswer(ApiFailure.reason(e));
    }
  }

  private HttpResponse<AsyncBody> await(
      CompletableFuture<HttpResponse<AsyncBody>> response, ApiBody body)
      throws ApiFailure, InterruptedException {
    try {
      // The request's own timeout comes first, unless a retry with new credentials adds up.
      return response.get(2 * answer.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw ApiFailure.noAnswer(ApiFailure.reason(e));
    } catch (TimeoutException e) {
      throw ApiFailure.noAnswer("no answer within " + answer.toSeconds() + " s");
    } finally {
      if (!response.isDone()) {
        body.close();
        var _ = response.whenComplete((late, problem) -> cancel(late));
      }
    }
  }

  private static void cancel(HttpResponse<AsyncBody> late) {
    if (late != null) {
      late.body().cancel();
    }
  }

  private ApiFailure failure(HttpResponse<AsyncBody> response, ApiBody body) {
    var text = "HTTP status " + response.code();
    try {
      var message = mapper.readTree(body.readNBytes(LONGEST_ERROR)).path("message").asText();
      if (!message.isBlank()) {
        text += ": " + message.substring(0, Math.min(message.length(), LONGEST_MESSAGE));
      }
    } catch (IOException e) {
      // An answer without a Status object: the number has to do.
    }
    return new ApiFailure(response.code(), text, retryAfter(response));
  }

  private static Duration retryAfter(HttpResponse<AsyncBody> response) {
    var value = response.header("Retry-After");
    if (value == null || !value.matches("[0-9]{1,5}")) {
      return Duration.ZERO;
    }
    return Duration.ofSeconds(Math.min(Long.parseLong(value), LONGEST_RETRY_AFTER_SECONDS));
  }
}
